import type { RuleCount } from '../../../engine/audit/search.ts';
import type { Action } from '../../../engine/decision.ts';

/** What a rule did, in one line: `denied 3, asked 12 in 7 days`. */
export function latelyText(count: RuleCount | undefined, days: number): string {
  const parts = count === undefined ? [] : [...said(count.enforced, did), ...said(count.observed, would)];
  if (count !== undefined && count.exempted > 0) parts.push(`exempted ${count.exempted}`);
  return `${parts.length === 0 ? 'nothing' : parts.join(', ')} in ${days} days`;
}

/** The strictest first. */
const actions = ['deny', 'require_approval', 'allow', 'abstain'] as const;

const did: Readonly<Record<Action, string>> = { deny: 'denied', require_approval: 'asked', allow: 'allowed', abstain: 'matched' };
const would: Readonly<Record<Action, string>> = {
  deny: 'would have denied',
  require_approval: 'would have asked',
  allow: 'would have allowed',
  abstain: 'would have matched',
};

function said(counts: RuleCount['enforced'], words: Readonly<Record<Action, string>>): string[] {
  return actions.filter((action) => counts[action] > 0).map((action) => `${words[action]} ${counts[action]}`);
}
