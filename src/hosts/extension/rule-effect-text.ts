import type { ProposedAction } from '../../engine/policy/propose-rule.ts';
import type { RuleEffect } from '../../engine/policy/replay/rule-totals.ts';

/** What a proposed rule would have done, in a few words for a picker. */
export function ruleEffectText({ matches, changes }: RuleEffect, action: ProposedAction, span: string): string {
  if (matches === 0) return `no call of ${span}`;
  const about = `${matches.toLocaleString('en')} ${matches === 1 ? 'call' : 'calls'} of ${span}`;
  if (action === 'allow') return about;
  const does = action === 'deny' ? 'denied' : 'asked about';
  return changes === 0 ? `${about}, none decided otherwise` : `${about}, ${changes.toLocaleString('en')} newly ${does}`;
}
