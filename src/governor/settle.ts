import { callDigest } from '../engine/approval/digest.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { JsonObject } from '../engine/json.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import type { Answer, HookEvent } from '../agents/agent.ts';
import { aboutCall } from './decision-entries.ts';
import { noteOutcome } from './budget/check.ts';
import { guardOutput, type GuardedOutput } from './guard/output.ts';
import { faultOf, type Fault, type Ran } from './compare.ts';
import { raiseIncident } from './incidents.ts';
import type { Office } from './office.ts';

type ToolResultEvent = Extract<HookEvent, { readonly kind: 'tool-result' }>;

/** Records what became of a call, and raises an incident where it ran without, against or beside a decision. */
export async function settleCall(office: Office, event: ToolResultEvent): Promise<Answer> {
  const { ports, sessions, ledger } = office;
  const { call, outcome } = event;
  const input = { nativeTool: call.nativeTool, arguments: event.decided ?? call.arguments };
  const known = ports.state.answered(call.agent.name, call.session.id, call.id);
  const changed = known !== undefined && (known.ranDigest ?? known.argumentsDigest) !== callDigest(input);
  const guarded = await guardOutput(office, event);
  const detail: JsonObject = {
    status: outcome.status,
    ...(outcome.durationMs === undefined ? {} : { durationMs: outcome.durationMs }),
    ...(outcome.error === undefined ? {} : { error: redactText(guarded.error ?? outcome.error) }),
    ...(changed ? { argumentsChanged: true } : {}),
    ...guarded.detail,
  };
  if (known?.answer.kind !== 'refuse') noteOutcome(office, call, outcome.status === 'failed');
  sessions.callEnded(call.agent.name, call.session.id, call.id);
  // The arguments stand in the entry of the decision, without what its rules hide; here their digest is enough.
  if (guarded.rules.length > 0) await office.policyRecord.ensure(ports.policies.inForce(call.cwd).files);
  await ledger.write({ kind: 'outcome', ...aboutCall(call), ...rulesField(guarded), detail }, 'written');
  // Clients report a call that we refused as a failed one.
  if (outcome.status === 'ran' || known?.answer.kind !== 'refuse') await raiseFault(office, call, input, outcome.status);
  office.removed.note(call, guarded);
  if (guarded.stop !== undefined) return { kind: 'refuse', reason: guarded.stop, stop: true };
  return { kind: 'pass', ...(guarded.output === undefined ? {} : { output: guarded.output }) };
}

function rulesField({ rules }: GuardedOutput) {
  return rules.length === 0 ? {} : { rules };
}

async function raiseFault(office: Office, call: ToolCall, input: NonNullable<Ran['input']>, status: 'ran' | 'failed'): Promise<void> {
  const { ports } = office;
  const about = { agent: call.agent.name, session: call.session.id, callId: call.id };
  const fault = faultOf(ports, { ...about, input, endedAt: ports.clock.now() });
  if (fault === undefined || (fault === 'refused' && status === 'failed')) return;
  const cause = fault === 'changed' ? 'rewritten' : fault;
  await raiseIncident(office, { ...about, cwd: call.cwd, call, cause, what: `${call.nativeTool} (${call.id}) ${problems[fault]}` });
}

const problems: Record<Fault, string> = {
  undecided: 'reported a result, but was never decided on',
  refused: 'ran although it was refused',
  changed: 'ran with other arguments than those that were decided on: its input was rewritten',
};
