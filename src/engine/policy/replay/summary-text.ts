import type { ChangedByRule, ChangedCall, ReplaySummary } from './summary.ts';

type ByRule = Pick<ChangedCall, 'rule' | 'speaks' | 'was' | 'now'>;

/** A rule may make the difference by its silence. */
export function ruleText({ rule, speaks }: Pick<ByRule, 'rule' | 'speaks'>): string {
  if (rule === '') return '(no rule)';
  return speaks ? rule : `no longer ${rule}`;
}

export function isOfRule(call: ByRule, { rule, speaks, was, now }: ByRule): boolean {
  return call.rule === rule && call.speaks === speaks && call.was === was && call.now === now;
}

/** `1234 calls, 5 would have been decided otherwise: 3 now deny, 2 now allow.` */
export function totalText({ calls, changed, rules }: Pick<ReplaySummary, 'calls' | 'changed' | 'rules'>): string {
  const by = [...Map.groupBy(rules, ({ now }) => now)].map(([now, all]) => `${sum(all)} now ${now}`);
  const what = calls === 1 ? '1 call' : `${calls} calls`;
  return `${what}, ${changed === 0 ? 'none' : changed} would have been decided otherwise${by.length === 0 ? '' : `: ${by.join(', ')}`}.`;
}

function sum(rules: readonly ChangedByRule[]): number {
  return rules.reduce((calls, one) => calls + one.calls, 0);
}

/** What keeps the totals from being the whole truth, a sentence each. */
export function notesOf({ unsure, doubts, skipped, looksElsewhere }: ReplaySummary): readonly string[] {
  const notes: readonly (readonly [count: number, says: string])[] = [
    [unsure, 'cannot be told: their arguments were masked or cut before they were stored.'],
    [
      doubts['not-recorded'],
      'are older than what is recorded of their circumstances: links, scripts and folders are taken as they are now.',
    ],
    [doubts['looked-up'], 'depend on something that nobody looked at then: a script is taken as it is now, a git state as unknown.'],
    [doubts.partial, 'depend on more than was kept.'],
    [skipped['not-asked'], 'were refused without asking the policies, and are left out.'],
    [skipped.removed, 'are not in the log any more.'],
    [skipped.unreadable, 'cannot be read. Run: countersign audit verify'],
  ];
  const elsewhere = 'What guardrails find in prompts and results is not told: the log holds no text of those.';
  return [
    ...notes.filter(([count]) => count > 0).map(([count, says]) => `${count} ${says}`),
    ...(looksElsewhere === true ? [elsewhere] : []),
  ];
}
