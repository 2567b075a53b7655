import type { Approval, ApprovalAnswer } from '../../engine/approval/approval.ts';
import type { Ledger } from '../ledger.ts';
import type { Ports } from '../ports.ts';
import { raisedEntry } from './entries.ts';

/** Does to budgets what an approval says it does: recorded first, and never twice. Rejects where that cannot be written down. */
export async function applyRaises(ports: Ports, ledger: Ledger, approval: Approval, answer: ApprovalAnswer): Promise<void> {
  if (answer.outcome !== 'approved') return;
  for (const raise of approval.raises ?? []) {
    if (isRaised(ports, raise)) continue;
    await ledger.write(raisedEntry(approval, raise, answer), 'synced');
    ports.state.budgets.saveNote(raise.key, { value: raise.to, text: answer.by.user, at: answer.at }, 'at once');
  }
}

/** Whether everything that a question is about has been raised meanwhile, so that there is nothing left to ask. */
export function isSettledByRaises(ports: Ports, { raises = [], rules }: Approval): boolean {
  if (raises.length === 0 || !raises.every((raise) => isRaised(ports, raise))) return false;
  return rules.every((rule) =>
    raises.some((raise) => raise.policy === rule.policy && raise.rule === rule.rule && raise.digest === rule.digest),
  );
}

function isRaised({ state }: Ports, { key, to }: { readonly key: string; readonly to: number }): boolean {
  return (state.budgets.note(key)?.value ?? -Infinity) >= to;
}
