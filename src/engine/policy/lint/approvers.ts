import { didYouMean } from '../nearest.ts';
import { finding, type LintedRule, type LintFinding } from './finding.ts';

/** Approvers that nobody is: a question that only they may answer would wait for nothing. */
export function unreachableApprovers(linted: LintedRule): readonly LintFinding[] {
  const { rule, path, context } = linted;
  const { people } = context;
  if (people === undefined) return [];
  const known = new Set(people.map((name) => name.toLowerCase()));
  return (rule.source.approval?.approvers ?? []).flatMap((name, index) =>
    known.has(name.toLowerCase())
      ? []
      : [finding(linted, 'unreachable-approver', [...path, 'approval', 'approvers', index], unreachable(name, people))],
  );
}

function unreachable(name: string, people: readonly string[]): string {
  const guess = didYouMean(name, people);
  return `Nobody that is known here is "${name}"${guess === '' ? ', and no document of this version gives people roles' : guess}`;
}
