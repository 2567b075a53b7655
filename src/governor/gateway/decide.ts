import type { Answer, HookEvent } from '../../agents/agent.ts';
import { callDigest } from '../../engine/approval/digest.ts';
import type { JsonObject } from '../../engine/json.ts';
import { hasGuardrails, watchesOver } from '../../engine/guardrail/policy/watches.ts';
import { toolNamesOf } from '../../engine/policy/subject.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { decideCall, type Abilities } from '../decide.ts';
import { decisionEntry, refusalDecision } from '../decision-entries.ts';
import { guardInput } from '../guard/input.ts';
import { reviewOn } from '../guard/review.ts';
import { haltedReason } from '../halted.ts';
import type { HookContext, Office } from '../office.ts';
import { changedTool } from './pins.ts';
import { consume, decidedByHook, isUsed } from './hook-decision.ts';

type ToolCallEvent = Extract<HookEvent, { readonly kind: 'tool-call' }>;

/** What the gateway does with a call, and what it tells of its result under. */
export interface GatewayVerdict {
  readonly answer: Answer;
  readonly callId: string;
  /** A hook asked about this very call before: it is recorded already, and so will be its outcome. */
  readonly joined: boolean;
  /** The result has to be looked through before the agent gets it. */
  readonly watched: boolean;
  /** The session that it belongs to, where that is another one than was told. */
  readonly session?: string;
}

/** The answer to a call that came through the gateway. `call.id` is what the agent calls it, or '': a hint, and no more. */
export async function decideAtGateway(
  office: Office,
  event: ToolCallEvent,
  context: HookContext,
  abilities: Abilities,
  definition?: string,
): Promise<GatewayVerdict> {
  const { call } = event;
  const watched = isWatched(office, call);
  const changed = changedTool(office, call, definition);
  if (changed !== undefined) {
    const own = { ...call, id: office.ports.ids() };
    const refusing = { ...office, decide: () => refusalDecision(changed) };
    const answer = await decideCall(refusing, { ...event, call: own }, context, abilities);
    return { answer, callId: own.id, joined: false, watched };
  }
  if (decidedByHook(office, call)) {
    consume(office, call);
    return { answer: { kind: 'pass' }, callId: call.id, joined: true, watched };
  }
  const own = { ...call, id: ownId(office, call) };
  if (own.id === call.id) consume(office, call);
  const answer = await decideCall(office, { ...event, call: own }, context, abilities);
  return { answer, callId: own.id, joined: false, watched };
}

/** A call goes on with what its person answered to the server: decided on already, but this text is new. */
export async function continueAtGateway(office: Office, call: ToolCall, answers: JsonObject): Promise<Answer> {
  const { ports, sessions, ledger, policyRecord } = office;
  const reason = haltedReason(ports, sessions.get(call.agent.name, call.session.id));
  if (reason !== undefined) return { kind: 'refuse', reason, stop: true };
  const set = ports.policies.inForce(call.cwd);
  const given = { ...call, arguments: answers };
  const review = await reviewOn(office, set, 'input', given, answers);
  const guarded = guardInput(office, set, given, false, review);
  const isStopped = guarded?.decision.mode === 'enforce' && ['deny', 'require_approval'].includes(guarded.decision.action);
  if (guarded === undefined || !isStopped) return { kind: 'pass' };
  const answer: Answer = { kind: 'refuse', reason: guarded.decision.reason, stop: false };
  const decision = { ...refusalDecision(answer.reason), rules: guarded.decision.rules, shown: guarded.shown };
  await policyRecord.ensure(set.files);
  await ledger.write(decisionEntry(given, decision, { answer, heard: true }, { detail: guarded.detail }), 'synced');
  return answer;
}

/** The agent's own name for the call, unless another call had it already. */
function ownId(office: Office, call: ToolCall): string {
  const { ports } = office;
  if (call.id === '') return ports.ids();
  const known = ports.state.answered(call.agent.name, call.session.id, call.id);
  const isSame = known === undefined || (known.answer.kind === 'refuse' && known.argumentsDigest === callDigest(call));
  return isSame && !isUsed(office, call) ? call.id : `${call.id}~${ports.ids()}`;
}

/** Policies that cannot be read may watch it. */
function isWatched({ ports }: Office, call: ToolCall): boolean {
  try {
    const set = ports.policies.inForce(call.cwd);
    if (!hasGuardrails(set)) return false;
    return watchesOver(set, { place: 'output', who: call, tools: toolNamesOf(call), time: new Date(ports.clock.now()) }).length > 0;
  } catch {
    return true;
  }
}
