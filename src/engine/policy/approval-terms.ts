import type { ApprovalTerms } from '../decision.ts';
import { parseDuration } from './duration.ts';
import type { RuleSource } from './schema.ts';

/** How a person is to be asked, as far as a rule says. */
export function termsOf({ approval }: RuleSource): Partial<ApprovalTerms> {
  const timeoutMs = approval?.timeout === undefined ? undefined : parseDuration(approval.timeout);
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(approval?.onTimeout === undefined ? {} : { onTimeout: approval.onTimeout }),
    ...(approval?.approvers === undefined ? {} : { approvers: approval.approvers }),
    ...(approval?.reason === undefined ? {} : { reason: approval.reason }),
  };
}
