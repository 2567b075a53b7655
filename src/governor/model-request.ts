import type { Answer, HookEvent } from '../agents/agent.ts';
import { overspent } from './budget/check.ts';
import { haltedReason } from './halted.ts';
import type { Office } from './office.ts';

/** Before an agent asks its model: a session that is to do nothing more, or whose budget is used up, spends nothing more. */
export async function judgeModelRequest(
  office: Office,
  { origin }: Extract<HookEvent, { readonly kind: 'model-request' }>,
): Promise<Answer> {
  const session = office.sessions.heard(origin);
  office.sessions.save(session);
  const halted = haltedReason(office.ports, session);
  if (halted !== undefined) return { kind: 'refuse', reason: halted, stop: true };
  const reason = await overspent(office, origin);
  return reason === undefined ? { kind: 'pass' } : { kind: 'refuse', reason, stop: false };
}
