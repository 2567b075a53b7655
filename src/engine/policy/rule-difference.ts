import type { Action } from '../decision.ts';
import { parseDuration } from './duration.ts';
import type { RuleSource } from './schema.ts';

/** What a change means for agents, as far as it can be proven without trying calls: otherwise `changed`. */
export type Effect = 'same' | 'tightened' | 'loosened' | 'changed';

/** What another version of a rule means, whatever the rules beside it; `autoApprove` is not looked at, and neither is what only people read. */
export function ruleEffect(before: RuleSource, after: RuleSource): Effect {
  return together([
    actionEffect(before, after),
    matcherEffect(reachOf(before, after), before, after),
    approvalEffect(before, after),
    rateEffect(before, after),
    isSame(before.redact, after.redact) ? 'same' : 'changed',
  ]);
}

/** Several changes at once: only where all point in one direction is it known which. */
export function together(effects: readonly Effect[]): Effect {
  const found = new Set(effects.filter((effect) => effect !== 'same'));
  const [only] = found;
  return only === undefined ? 'same' : found.size > 1 ? 'changed' : only;
}

/** Equal as data: the order of fields does not count, that of lists does. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** How much an action keeps an agent from: allowing and having no opinion are the same to it. */
export function strictness(action: Action): number {
  return { abstain: 0, allow: 0, require_approval: 1, deny: 2 }[action];
}

/** Which calls another version is about. */
export type Reach = 'same' | 'wider' | 'narrower' | 'other';

/** What a list of alternatives reaches; left out, it reaches everything. */
export function listReach(before: string | readonly string[] | undefined, after: string | readonly string[] | undefined): Reach {
  if (isSame(listOf(before), listOf(after))) return 'same';
  if (before === undefined) return 'narrower';
  if (after === undefined) return 'wider';
  const [old, fresh] = [listOf(before), listOf(after)];
  // What is taken out again depends on the order.
  if ([...old, ...fresh].some((one) => one.startsWith('!'))) return 'other';
  const [wider, narrower] = [old.every((one) => fresh.includes(one)), fresh.every((one) => old.includes(one))];
  return wider && narrower ? 'same' : wider ? 'wider' : narrower ? 'narrower' : 'other';
}

export function joined(reaches: readonly Reach[]): Reach {
  const found = new Set(reaches.filter((reach) => reach !== 'same'));
  const [only] = found;
  return only === undefined ? 'same' : found.size > 1 ? 'other' : only;
}

function actionEffect(before: RuleSource, after: RuleSource): Effect {
  const [old, fresh] = [strictness(before.action), strictness(after.action)];
  if (old !== fresh) return fresh > old ? 'tightened' : 'loosened';
  return before.action === after.action ? 'same' : 'changed';
}

function reachOf(before: RuleSource, after: RuleSource): Reach {
  const lists = (['tools', 'commands', 'domains'] as const).map((field) => listReach(before[field], after[field]));
  return joined([...lists, pathReach(before, after), conditionReach(before, after)]);
}

/** A rule that allows also goes by them to know whether output may be redirected: then more than the reach changes. */
function pathReach({ paths: old }: RuleSource, { paths: fresh }: RuleSource): Reach {
  if (isSame(old, fresh)) return 'same';
  if (old === undefined || fresh === undefined) return 'other';
  const fields = ['read', 'write', 'any'] as const;
  // Each list is an alternative to the others: one that is missing reaches nothing.
  if (fields.some((field) => (old[field] === undefined) !== (fresh[field] === undefined))) return 'other';
  return joined(fields.map((field) => listReach(old[field], fresh[field])));
}

/** A condition that fails makes its rule deny, so only for a rule that denies is one more, or one less, just a matter of reach. */
function conditionReach(before: RuleSource, after: RuleSource): Reach {
  const texts = ({ conditions = [], unless = [] }: RuleSource): readonly string[] => [
    ...conditions.map(({ cel }) => `if ${cel}`),
    ...unless.map(({ cel }) => `unless ${cel}`),
  ];
  const reach = listReach(texts(before), texts(after));
  if (reach === 'same' || reach === 'other') return reach;
  if (before.action !== 'deny' || after.action !== 'deny') return 'other';
  return reach === 'wider' ? 'narrower' : 'wider';
}

function matcherEffect(reach: Reach, before: RuleSource, after: RuleSource): Effect {
  if (reach === 'same') return 'same';
  if (reach === 'other') return 'changed';
  const restricts = strictness(before.action) > 0 && strictness(after.action) > 0;
  const allows = [before, after].every((rule) => strictness(rule.action) === 0 && !mayDeny(rule));
  if (!restricts && !allows) return 'changed';
  return (reach === 'wider') === restricts ? 'tightened' : 'loosened';
}

/** A condition that fails denies, and so does a limit that is used up: then a rule that allows does not only free. */
function mayDeny({ conditions = [], unless = [], rateLimit }: RuleSource): boolean {
  return conditions.length > 0 || unless.length > 0 || rateLimit !== undefined;
}

function approvalEffect({ approval: old = {} }: RuleSource, { approval: fresh = {} }: RuleSource): Effect {
  const timeout = (text = '1h'): number => parseDuration(text) ?? 0;
  return together([
    flag(old.onTimeout === 'abstain', fresh.onTimeout === 'abstain', 'loosened'),
    flag(old.reason === 'required', fresh.reason === 'required', 'tightened'),
    isSame(old.approvers, fresh.approvers) && timeout(old.timeout) === timeout(fresh.timeout) ? 'same' : 'changed',
  ]);
}

function flag(before: boolean, after: boolean, whenSet: 'tightened' | 'loosened'): Effect {
  if (before === after) return 'same';
  return after ? whenSet : whenSet === 'tightened' ? 'loosened' : 'tightened';
}

function rateEffect(before: RuleSource, after: RuleSource): Effect {
  const { rateLimit: old } = before;
  const { rateLimit: fresh } = after;
  if (isSame([old, before.onLimit], [fresh, after.onLimit])) return 'same';
  if (!isSame(before.onLimit, after.onLimit)) return 'changed';
  if (old === undefined) return 'tightened';
  if (fresh === undefined) return 'loosened';
  if (old.per !== fresh.per) return 'changed';
  return fresh.calls < old.calls ? 'tightened' : 'loosened';
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
