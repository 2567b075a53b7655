import type { ChangedByRule, ChangedCall, ReplaySummary } from '../../engine/policy/replay/summary.ts';
import { clip, table } from './table.ts';

/** What a replay has found, for people. What nobody can tell is only counted. */
export function replayText(summary: ReplaySummary): string {
  const { rules } = summary;
  const changes = summary.changes.filter(({ unsure }) => unsure !== true);
  const parts = [...(rules.length === 0 ? [] : [ruleTable(rules)]), ...(changes.length === 0 ? [] : [callTable(changes)]), totals(summary)];
  return parts.join('\n\n');
}

function ruleTable(rules: readonly ChangedByRule[]): string {
  const rows = rules.map((one) => [
    ruleName(one),
    one.was,
    one.now,
    String(one.calls),
    when(one.newest.time),
    clip(one.newest.summary, 60),
  ]);
  return table(['RULE', 'WAS', 'NOW', 'CALLS', 'NEWEST', 'WHICH WAS'], rows);
}

function callTable(changes: readonly ChangedCall[]): string {
  const rows = changes.map((one) => [
    String(one.seq),
    when(one.time),
    one.tool,
    one.became === undefined ? one.was : `${one.was}: ${one.became}`,
    one.now,
    ruleName(one),
    clip(one.summary, 60),
  ]);
  return table(['ENTRY', 'TIME', 'TOOL', 'WAS', 'NOW', 'RULE', 'WHAT'], rows);
}

/** A rule that makes the difference by its silence. */
function ruleName({ rule, speaks }: Pick<ChangedCall, 'rule' | 'speaks'>): string {
  return speaks || rule === '' ? rule : `no longer ${rule}`;
}

function when(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function totals({ calls, changed, unsure, rules, doubts, skipped }: ReplaySummary): string {
  const by = [...Map.groupBy(rules, ({ now }) => now)].map(([now, all]) => `${all.reduce((sum, one) => sum + one.calls, 0)} now ${now}`);
  const lines = [
    `${calls} calls, ${changed} would have been decided otherwise${by.length === 0 ? '' : `: ${by.join(', ')}`}.`,
    ...(unsure === 0 ? [] : [`${unsure} cannot be told: their arguments were masked or cut before they were stored.`]),
    ...(doubts['not-recorded'] === 0
      ? []
      : [
          `${doubts['not-recorded']} are older than what is recorded of their circumstances: links, scripts and folders are taken as they are now.`,
        ]),
    ...(doubts['looked-up'] === 0
      ? []
      : [`${doubts['looked-up']} depend on something that nobody looked at then: a script as it is now, or an unknown git state.`]),
    ...(skipped['not-asked'] === 0 ? [] : [`${skipped['not-asked']} were refused without asking the policies, and are left out.`]),
    ...(skipped.removed === 0 ? [] : [`${skipped.removed} are not in the log any more.`]),
    ...(skipped.unreadable === 0 ? [] : [`${skipped.unreadable} cannot be read. Run: countersign audit verify`]),
  ];
  return lines.join('\n');
}
