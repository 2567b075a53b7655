import { amountText, placeText, usedText } from './amount.ts';
import { findingOf, type Raise, type Said, type Told } from './finding.ts';
import { isEnforced, type HeldLimit } from './held.ts';

/** What was counted, or why it cannot be. */
export type Counted =
  | { readonly used: number; readonly unpricedTokens: number; readonly isLowerBound: boolean }
  | { readonly unknown: string };

/** What people decided about a limit before. */
export interface LimitMemory {
  /** Where all of it is remembered. */
  readonly key: string;
  readonly raisedBy: number;
  /** Tokens without a price were accepted. */
  readonly acceptsUnpriced: boolean;
}

/** What a limit says about the next call. It is used up once as much was used as it allows. */
export function judgeLimit(held: HeldLimit, counted: Counted, memory: LimitMemory): Said {
  if ('unknown' in counted) return uncounted(held, counted.unknown, memory);
  const limit = held.limit.amount + memory.raisedBy;
  if (counted.used >= limit) return usedUp(held, counted.used, counted.isLowerBound, memory);
  const told = crossed(held, counted.used, counted.isLowerBound, memory);
  const { unpricedTokens } = counted;
  if (held.limit.unit !== 'usd' || unpricedTokens === 0 || memory.acceptsUnpriced) return { held, kills: false, told };
  return unpriced(held, unpricedTokens, memory, told);
}

export const raiseKey = (key: string): string => `raise ${key}`;
export const unpricedKey = (key: string): string => `unpriced ${key}`;

function usedUp(held: HeldLimit, used: number, isLowerBound: boolean, memory: LimitMemory): Said {
  const { limit } = held;
  const raise = raiseOf(held, used, memory);
  const what = `${named(held)}: ${usedText(limit.unit, used, limit.amount + memory.raisedBy, isLowerBound)} ${placeText(limit, held.subject)}.`;
  const told: readonly Told[] = [{ key: `reached ${memory.raisedBy} ${memory.key}`, event: 'reached', text: what }];
  const kills = limit.onLimit === 'kill' && isEnforced(held);
  switch (limit.onLimit) {
    case 'alert':
      return { held, kills, told };
    case 'require_approval':
      return { held, kills, told, raise, finding: findingOf(held, 'require_approval', `${what} Approving ${raise.text}.`) };
    case 'deny':
      return { held, kills, told, finding: findingOf(held, 'deny', `${what} ${whenAgain(held)}`) };
    case 'kill':
      return { held, kills, told, finding: findingOf(held, 'deny', `${what} That ends the session.`) };
  }
}

/** A quarter of the limit, or as many quarters as it takes to go on. */
function raiseOf(held: HeldLimit, used: number, { key, raisedBy }: LimitMemory): Raise {
  const { amount, unit } = held.limit;
  const step = unit === 'usd' ? amount / 4 : Math.ceil(amount / 4);
  const by = (Math.floor((used - amount - raisedBy) / step) + 1) * step;
  const to = raisedBy + by;
  const text = `raises the limit by ${amountText(unit, by)} to ${amountText(unit, amount + to)}, once`;
  return { key: raiseKey(key), to, policy: held.document.name, rule: held.limit.name, digest: held.file.digest, text };
}

function whenAgain({ limit, file }: HeldLimit): string {
  const end = limit.window === 'total' ? '' : ` until the ${limit.window} ends`;
  return `No call runs${end}. Stop here and tell the person; the limit stands in ${file.path}.`;
}

/** Only the highest share is told: who is at 90 % need not hear of 50 %. */
function crossed(held: HeldLimit, used: number, isLowerBound: boolean, { key }: LimitMemory): readonly Told[] {
  const { limit } = held;
  const share = limit.alertAt.findLast((one) => used >= one * limit.amount);
  if (share === undefined) return [];
  const text = `${named(held)}: ${usedText(limit.unit, used, limit.amount, isLowerBound)} ${placeText(limit, held.subject)}, more than ${percent(share)}.`;
  return [{ key: `alert ${share} ${key}`, event: 'alert', text }];
}

/** Nobody can say what they cost: a person has to. */
function unpriced(held: HeldLimit, tokens: number, { key }: LimitMemory, told: readonly Told[]): Said {
  const { limit, document } = held;
  const what = `${named(held)}: ${amountText('tokens', tokens)} used ${placeText(limit, held.subject)} have no price, so the dollars cannot be counted. Set a price for the model.`;
  const also: Told = { key: `told ${unpricedKey(key)}`, event: 'unpriced', text: what };
  if (limit.onLimit === 'alert') return { held, kills: false, told: [...told, also] };
  const window = limit.window === 'total' ? '' : ` until the ${limit.window} ends`;
  const text = `lets tokens without a price go uncounted${window}`;
  const raise: Raise = { key: unpricedKey(key), to: 1, policy: document.name, rule: limit.name, digest: held.file.digest, text };
  const finding = findingOf(held, 'require_approval', `${what} Approving ${text}.`);
  return { held, kills: false, told: [...told, also], raise, finding };
}

/** What cannot be counted cannot be kept. A limit that only tells people stops nobody. */
function uncounted(held: HeldLimit, why: string, { key }: LimitMemory): Said {
  const what = `${named(held)}: what was used ${placeText(held.limit, held.subject)} cannot be counted (${why})`;
  const told: readonly Told[] = [{ key: `uncounted ${key}`, event: 'uncounted', text: `${what}.` }];
  if (held.limit.onLimit === 'alert') return { held, kills: false, told };
  return { held, kills: false, told, finding: findingOf(held, 'deny', `${what}, so the call does not run.`) };
}

function named({ document }: HeldLimit): string {
  return `Budget "${document.name}"`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
