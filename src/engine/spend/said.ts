import { added, minus, nothing, priced, type Amount } from './amount.ts';
import { itemisedOf, modelsOf, toldHere, type SessionSpent, type Total } from './hidden.ts';
import { sourceOf, type Prices } from './price.ts';
import type { StalePrice } from './report.ts';
import { totalOf } from './usage.ts';

/** What an agent said last that a model had cost in a session. */
export interface Said {
  readonly model: string;
  readonly at: number;
  readonly tokens: number;
  readonly usd: number;
  /** What the same tokens cost by our prices; left out where the records do not have them all, or a person set the price. */
  readonly ours?: number;
}

/** By model, without what the session inherited from the one that it was forked from. */
export function saidOf(session: SessionSpent, prices: Prices): readonly Said[] {
  const last = new Map<string, Said>();
  for (const total of session.totals) {
    for (const model of modelsOf(total)) {
      const said = ofModel(session, total, model, prices);
      if (said !== undefined) last.set(model, said);
    }
  }
  return [...last.values()];
}

/** Of each model what was said last decides: a price may have been wrong for a while. */
export function staleOf(said: readonly Said[]): readonly StalePrice[] {
  const comparable = said.filter(({ ours }) => ours !== undefined).toSorted((a, b) => a.at - b.at);
  const newest = new Map(comparable.map((one) => [one.model, one]));
  return [...newest.values()].flatMap(({ model, usd, ours = 0 }) => (differ(usd, ours) ? [{ model, usd, ours }] : []));
}

function ofModel(session: SessionSpent, total: Total, model: string, prices: Prices): Said | undefined {
  const theirs = toldHere(session, total, model);
  const tokens = totalOf(theirs.tokens);
  if (theirs.usd === undefined || tokens <= 0) return undefined;
  const usages = itemisedOf(session, total, model);
  const ours = usages.map((usage) => priced(usage, prices)).reduce(added, nothing);
  const isComparable = isSameUse(theirs, ours) && usages.every((usage) => sourceOf(usage, prices) !== 'person');
  return { model, at: total.at, tokens, usd: theirs.usd, ...(isComparable && ours.usd !== undefined ? { ours: ours.usd } : {}) };
}

/** Not every sum tells for how long something was written to the cache. */
function isSameUse(a: Amount, b: Amount): boolean {
  const { tokens, webSearches } = minus(a, b);
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
  return [input, output, cacheRead, cacheWrite5m + cacheWrite1h, webSearches].every((rest) => rest === 0);
}

/** By more than 1 %: no price changes by less, and sums of many fractions are not exact. */
function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > Math.max(a, b) / 100 + 1e-6;
}
