import type { OpenApproval } from '../records.ts';
import { approvalLabel } from './server-card.ts';

/** What a screen reader hears when approvals arrive or go; empty when nothing did. No text of an agent. */
export function announcement(before: readonly string[], approvals: readonly OpenApproval[]): string {
  const fresh = approvals.filter(({ id }) => !before.includes(id));
  const waiting = approvals.length === 1 ? '1 call waits for you.' : `${approvals.length} calls wait for you.`;
  if (fresh.length > 1) return `${fresh.length} new approvals. ${waiting}`;
  const [first] = fresh;
  if (first) return `New approval: ${approvalLabel(first)}. ${waiting}`;
  if (before.length > 0 && approvals.length === 0) return 'No approvals are waiting any more.';
  return before.length > approvals.length ? waiting : '';
}
