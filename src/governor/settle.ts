import { callDigest } from '../engine/approval/digest.ts';
import type { JsonObject } from '../engine/json.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import type { Answer, HookEvent } from '../agents/agent.ts';
import { aboutCall } from './decision-entries.ts';
import type { Office } from './office.ts';
import type { AnsweredCall } from './ports.ts';

type ToolResultEvent = Extract<HookEvent, { readonly kind: 'tool-result' }>;

/** Records what became of a call, and raises an incident where it ran without, against or beside a decision. */
export async function settleCall(office: Office, { origin, call, outcome }: ToolResultEvent): Promise<Answer> {
  const { ports, sessions, ledger } = office;
  const known = ports.state.answered(call.agent.name, call.session.id, call.id);
  const changed = known !== undefined && known.argumentsDigest !== callDigest(call);
  const detail: JsonObject = {
    status: outcome.status,
    ...(outcome.durationMs === undefined ? {} : { durationMs: outcome.durationMs }),
    ...(outcome.error === undefined ? {} : { error: redactText(outcome.error) }),
    ...(changed ? { argumentsChanged: true } : {}),
  };
  sessions.callEnded(call.agent.name, call.session.id, call.id);
  // The arguments stand in the entry of the decision, without what its rules hide; here their digest is enough.
  await ledger.write({ kind: 'outcome', ...aboutCall(call), detail }, 'written');
  const problem = problemOf(known, outcome.status, changed);
  if (problem !== undefined) await ledger.incident(`${call.nativeTool} (${call.id}) ${problem}`, origin);
  return { kind: 'pass' };
}

function problemOf(known: AnsweredCall | undefined, status: 'ran' | 'failed', changed: boolean): string | undefined {
  if (known === undefined) return 'reported a result, but was never decided on.';
  // Clients report a call that we refused as a failed one.
  if (known.answer.kind === 'refuse') return status === 'ran' ? 'ran although it was refused.' : undefined;
  return changed ? 'ran with other arguments than those that were decided on.' : undefined;
}
