import type { ChangedByRule, ChangedCall, ReplaySummary } from '../../engine/policy/replay/summary.ts';
import { notesOf, ruleText, totalText } from '../../engine/policy/replay/summary-text.ts';
import { clip, table } from './table.ts';

/** What a replay has found, for people. What nobody can tell is only counted. */
export function replayText(summary: ReplaySummary): string {
  const { rules } = summary;
  const changes = summary.changes.filter(({ unsure }) => unsure !== true);
  const parts = [
    ...(rules.length === 0 ? [] : [ruleTable(rules)]),
    ...(changes.length === 0 ? [] : [callTable(changes)]),
    [totalText(summary), ...notesOf(summary)].join('\n'),
  ];
  return parts.join('\n\n');
}

function ruleTable(rules: readonly ChangedByRule[]): string {
  const rows = rules.map((one) => [
    ruleText(one),
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
    ruleText(one),
    clip(one.summary, 60),
  ]);
  return table(['ENTRY', 'TIME', 'TOOL', 'WAS', 'NOW', 'RULE', 'WHAT'], rows);
}

function when(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
