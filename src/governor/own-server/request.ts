import { callDigest } from '../../engine/approval/digest.ts';
import type { Approval } from '../../engine/approval/approval.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { foreseeBudgets } from '../budget/foresee.ts';
import { findGrant, sameRules } from '../grants.ts';
import { haltedReason } from '../halted.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import { keyOf } from '../sessions.ts';
import { wouldDecide } from './judge.ts';
import { NotTold } from './not-told.ts';

/** An agent must not flood its person: so many requests may be open, of one session and of all, and so many be made in an hour. */
const mostOpen = 3;
const mostOpenOfAll = 10;
const mostPerHour = 20;
const hourMs = 60 * 60_000;
const longestReason = 1_000;

/**
 * Asks a person about a call before it is made. The question is the one that the call itself would raise, under the same terms; the reason
 * is shown as the agent's words. Approved, one identical call runs. What policies deny nobody is asked about.
 */
export async function requestApproval(office: Office, call: ToolCall, session: SessionRecord, reason: string): Promise<string> {
  const { ports, approvals, policyRecord } = office;
  const halted = haltedReason(ports, session);
  if (halted !== undefined) throw new NotTold(halted);
  const argumentsDigest = callDigest(call);
  const budgets = (await foreseeBudgets(office, ports.policies.inForce(call.cwd), call))?.decision;
  if (budgets?.mode === 'enforce' && budgets.action === 'deny')
    throw new NotTold(`A budget stops this call, so nobody is asked: ${budgets.reason}`);
  const decision = wouldDecide(office, call, session);
  const { rules, approval: terms } = decision;
  if (decision.mode === 'observe' || decision.action === 'abstain' || decision.action === 'allow')
    return budgets?.mode === 'enforce' && budgets.action === 'require_approval'
      ? `Only a budget asks a person, and not ahead. Make the call, and it waits: ${budgets.reason}`
      : 'Nobody needs to be asked: policies let this call run. Just make it.';
  if (decision.action === 'deny' || terms === undefined)
    throw new NotTold(`Policies deny this call, so nobody is asked: ${decision.reason}`);
  if (findGrant(ports, { session: session.id, nativeTool: call.nativeTool, argumentsDigest, rules }) !== undefined)
    return `A person has approved this already. ${howTo(call)}`;
  const asked = approvals
    .open()
    .find((open) => open.session === session.id && open.argumentsDigest === argumentsDigest && sameRules(open.rules, rules));
  if (asked !== undefined) return `A person is asked already (approval ${asked.id}). ${howTo(call)}`;
  refuseFlood(office, session);
  await policyRecord.ensure(ports.policies.inForce(call.cwd).files);
  const { id } = await approvals.askAhead({
    call,
    argumentsDigest,
    decision,
    terms,
    raises: [],
    requested: reason.slice(0, longestReason),
  });
  return `Asked: approval ${id}. A person finds it in the inbox of Countersign, with your reason. Go on with something else meanwhile; "status" shows whether it is still open. ${howTo(call)}`;
}

function refuseFlood({ ports, approvals }: Office, session: SessionRecord): void {
  const open = approvals.open().filter(({ requested }) => requested !== undefined);
  const own = open.filter((approval: Approval) => approval.session === session.id);
  if (own.length >= mostOpen)
    throw new NotTold(`${mostOpen} requests of this session are open already. Wait until a person has answered them.`);
  if (open.length >= mostOpenOfAll) throw new NotTold('Too many requests are open. Wait until a person has answered them.');
  const now = ports.clock.now();
  const key = keyOf('own requests', session.agent, session.id);
  if (ports.state.countRate(key, now - hourMs) >= mostPerHour)
    throw new NotTold(`This session has made ${mostPerHour} requests within an hour. Make the call itself instead.`);
  ports.state.recordRate(key, now);
}

function howTo({ nativeTool, arguments: input }: ToolCall): string {
  return `Once approved, exactly this call runs once, within ten minutes of the answer: ${nativeTool} ${JSON.stringify(input)}`;
}
