import type { Raise } from '../engine/budget/finding.ts';
import { isStricter, type Decision } from '../engine/decision.ts';
import { callDigest } from '../engine/approval/digest.ts';
import { hasReviews } from '../engine/guardrail/policy/watches.ts';
import type { JsonObject } from '../engine/json.ts';
import type { PolicySet } from '../engine/policy/policy-set.ts';
import { together } from '../engine/policy/together.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import { answerOf, type Answer, type HookEvent } from '../agents/agent.ts';
import { judgeBudgets, tell, weigh, type BudgetVerdict, type Weighed } from './budget/check.ts';
import { decisionEntry, refusalDecision, type KeptOfDecision, type Verdict } from './decision-entries.ts';
import { gather, rateUsageOf } from './enrich.ts';
import { endSession } from './end-session.ts';
import type { KeptFacts } from './facts.ts';
import { messageOf } from './fault.ts';
import { keepsText } from './guard/look.ts';
import { guardInput, type GuardedInput } from './guard/input.ts';
import { noReview, reviewOn, type Review } from './guard/review.ts';
import { haltedReason } from './halted.ts';
import type { HookContext, Office } from './office.ts';
import { askPerson } from './person.ts';
import type { AnsweredCall, SessionRecord } from './ports.ts';
import { keyOf } from './sessions.ts';
import { twinMs } from './twins.ts';

type ToolCallEvent = Extract<HookEvent, { readonly kind: 'tool-call' }>;

/** The same call with other arguments, where the agent takes them. */
export type Rewriting = (call: ToolCall, input: JsonObject) => ToolCall;

/** What the agent of a call can do. */
export interface Abilities {
  readonly rewriting: Rewriting | undefined;
  /** How long it waits for an answer; `undefined`: as long as it takes. */
  readonly waits: number | undefined;
}

type Circumstances = HookContext & Abilities & { readonly signal: AbortSignal };

/** The answer to a tool call. Rejects where it could not be written down: the caller refuses then. */
export async function decideCall(office: Office, event: ToolCallEvent, context: HookContext, abilities: Abilities): Promise<Answer> {
  const { call } = event;
  const digest = callDigest(call);
  const start = (gone: AbortSignal): Promise<Answer> => judge(office, event, digest, { ...context, ...abilities, signal: gone });
  // Without an id nobody can tell a repeated message from a second call.
  const key = keyOf(call.agent.name, call.session.id, call.id === '' ? office.ports.ids() : call.id);
  if (context.via === 'http' && !office.alone) office.twins.came(key);
  if (context.paired === true && !(await office.twins.expect(key, twinMs))) return refuseUnreached(office, event);
  if (context.paired === true) office.proofs.came(call.agent.name, call.session.id, 'call');
  return (await office.inFlight.join(key, digest, context.signal, start)) ?? refuseReusedId(office, call);
}

async function judge(office: Office, event: ToolCallEvent, digest: string, context: Circumstances): Promise<Answer> {
  const { ports, sessions } = office;
  const { call } = event;
  const weighed = await weighCall(office, call);
  const session = sessions.heard(event.origin, context.pid);
  const earlier = call.id === '' ? undefined : ports.state.answered(call.agent.name, call.session.id, call.id);
  const halted = haltedReason(ports, session);
  if (halted !== undefined && earlier?.answer.kind !== 'refuse') return refuseHalted(office, call, session, digest, halted);
  if (earlier !== undefined)
    return earlier.argumentsDigest === digest ? again(office, call, earlier, weighed) : refuseReusedId(office, call);
  const judged = await decideFresh(office, call, session, digest, weighed, context.rewriting);
  const verdict = await verdictOn(office, call, judged, digest, context);
  const record = await office.ledger.write(
    decisionEntry(call, judged.decision, verdict, keptOfDecision(judged, context)),
    durabilityOf(verdict),
  );
  judged.kept?.stand(record.seq);
  if (judged.kill !== undefined && !office.alone) void endSession(office, call.agent.name, call.session.id, judged.kill);
  if (!verdict.heard) return verdict.answer;
  const answer = withInput(verdict.answer, judged.guarded?.input);
  remember(office, call, digest, answer);
  return afterwards(office, call, answer);
}

/** The policies for a call, what reviews say of it, and what its budgets have left. Neither may be known; then it is denied. */
type WeighedCall =
  | { readonly set: PolicySet; readonly review: Review; readonly weighed: Weighed | undefined }
  | { readonly fault: unknown };

async function weighCall(office: Office, call: ToolCall): Promise<WeighedCall> {
  try {
    const set = office.ports.policies.inForce(call.cwd);
    // Before the sums: a review takes longer than they stay true.
    const asked = hasReviews(set) && !isSettled(office, call);
    const review = asked ? await reviewOn(office, set, 'input', call, call.arguments) : noReview;
    return { set, review, weighed: isCounted(office, call) ? await weigh(office, set, call) : undefined };
  } catch (fault) {
    return { fault };
  }
}

/** The answer stands, or is no: nobody is to be shown the call for it. */
function isSettled({ ports, sessions }: Office, { agent, session, id }: ToolCall): boolean {
  if (id !== '' && ports.state.answered(agent.name, session.id, id) !== undefined) return true;
  return haltedReason(ports, sessions.get(agent.name, session.id)) !== undefined;
}

function isCounted({ canaries }: Office, { session, id }: ToolCall): boolean {
  return !canaries.isCall(session.id, id);
}

interface Judged {
  readonly decision: Decision;
  readonly raises: readonly Raise[];
  readonly kill?: string;
  /** Left out where nobody asked the policies. */
  readonly kept?: KeptFacts;
  /** Left out where guardrails found nothing. */
  readonly guarded?: GuardedInput;
}

/** A call whose circumstances or policies cannot be read is denied, and that is a decision like any other. */
async function decideFresh(
  office: Office,
  call: ToolCall,
  session: SessionRecord,
  digest: string,
  found: WeighedCall,
  rewriting: Rewriting | undefined,
): Promise<Judged> {
  const { ports, sessions, policyRecord } = office;
  let decision: Decision;
  let budget: BudgetVerdict | undefined;
  let kept: KeptFacts | undefined;
  let guarded: GuardedInput | undefined;
  let now = ports.clock.now();
  try {
    if ('fault' in found) throw found.fault;
    const gathered = gather(ports, call, session);
    const byPolicies = office.decide(found.set, gathered.request, rateUsageOf(ports, gathered.request));
    guarded = guardInput(office, found.set, call, rewriting !== undefined, found.review);
    budget = found.weighed && judgeBudgets(office, call, digest, found.weighed);
    decision = budget === undefined ? byPolicies : together(byPolicies, budget.decision);
    if (guarded !== undefined) decision = withGuard(office, found.set, { call, session, rewriting }, decision, guarded);
    kept = office.facts.of(gathered, decision, byPolicies, keepsText(office, found.set, call));
    now = gathered.request.time.getTime();
  } catch (error) {
    decision = refusalDecision(`Countersign could not judge this call: ${messageOf(error)}`);
  }
  // Counted in the same turn as they were looked up: no second call can slip in between.
  for (const key of isCounted(office, call) ? decision.counted : []) ports.state.recordRate(key, now);
  sessions.save({ ...session, calls: session.calls + 1, lastCallAt: ports.clock.now() });
  await policyRecord.ensure('fault' in found ? [] : found.set.files);
  if (budget !== undefined) await tell(office, call, budget);
  return {
    decision,
    raises: budget?.raises ?? [],
    ...(budget?.kill === undefined ? {} : { kill: budget.kill }),
    ...(kept && { kept }),
    ...(guarded && { guarded }),
  };
}

async function verdictOn(office: Office, call: ToolCall, judged: Judged, digest: string, context: Circumstances): Promise<Verdict> {
  const { decision, raises, kill } = judged;
  if (kill !== undefined) return { answer: { kind: 'refuse', reason: decision.reason, stop: true }, heard: true };
  if (decision.mode === 'observe' || decision.action !== 'require_approval') return { answer: answerOf(decision), heard: true };
  if (decision.approval === undefined) throw new Error('The decision asks for a person without saying on which terms');
  const { signal, waits, waitedMs = 0 } = context;
  const patience = waits === undefined ? undefined : Math.max(0, waits - waitedMs);
  return askPerson(office, { call, decision, argumentsDigest: digest, terms: decision.approval, raises }, signal, patience);
}

function durabilityOf({ answer, consent }: Verdict): 'written' | 'synced' {
  return answer.kind === 'refuse' || consent !== undefined ? 'synced' : 'written';
}

/** A session may have been killed or paused while its call was being decided: then the call is refused all the same. */
async function afterwards(office: Office, call: ToolCall, answer: Answer): Promise<Answer> {
  const { sessions } = office;
  const session = sessions.get(call.agent.name, call.session.id);
  const halted = answer.kind === 'refuse' ? undefined : haltedReason(office.ports, session);
  if (halted !== undefined) return refuse(office, call, undefined, halted, true);
  if (answer.kind === 'refuse') sessions.countDenial(call.agent.name, call.session.id);
  else sessions.callRuns(call.agent.name, call.session.id, call.id);
  return answer;
}

/** What guardrails make of a decision. With other arguments a call is another one, which the policies have to allow as well. */
function withGuard(
  office: Office,
  set: PolicySet,
  { call, session, rewriting }: { readonly call: ToolCall; readonly session: SessionRecord; readonly rewriting: Rewriting | undefined },
  decision: Decision,
  guarded: GuardedInput,
): Decision {
  const both = { ...together(decision, guarded.decision), shown: guarded.shown };
  if (guarded.input === undefined || rewriting === undefined) return both;
  const { request } = gather(office.ports, rewriting(call, guarded.input), session);
  const other = office.decide(set, request, rateUsageOf(office.ports, request));
  const isStricterNow = other.mode === 'enforce' && isStricter(other.action, both.mode === 'observe' ? 'abstain' : both.action);
  return isStricterNow ? { ...other, shown: guarded.shown } : both;
}

function withInput(answer: Answer, input: JsonObject | undefined): Answer {
  return input === undefined || answer.kind === 'refuse' ? answer : { ...answer, input };
}

function keptOfDecision({ kept, guarded }: Judged, { detail: given }: HookContext): KeptOfDecision {
  const detail = { ...given, ...guarded?.detail };
  return { ...(kept && { facts: kept.facts }), detail };
}

/** The same message once more gets the same answer. What a call was to run with is not stored: it is worked out again. */
async function again(office: Office, call: ToolCall, earlier: AnsweredCall, found: WeighedCall): Promise<Answer> {
  const { answer, ranDigest } = earlier;
  if (ranDigest === undefined) return answer;
  const input = 'fault' in found ? undefined : guardInput(office, found.set, call, true)?.input;
  if (input !== undefined && callDigest({ ...call, arguments: input }) === ranDigest) return withInput(answer, input);
  return refuse(office, call, undefined, 'What has to be taken out of this call is no longer the same. Make a new call.', false);
}

function remember(office: Office, call: ToolCall, argumentsDigest: string, answer: Answer): void {
  if (call.id === '') return;
  const { state, clock } = office.ports;
  const input = answer.kind === 'refuse' ? undefined : answer.input;
  const given =
    answer.kind === 'refuse' ? answer : { kind: answer.kind, reason: answer.kind === 'approve' ? answer.reason : '', stop: false };
  state.saveAnswered({
    agent: call.agent.name,
    session: call.session.id,
    callId: call.id,
    argumentsDigest,
    ...(input === undefined ? {} : { ranDigest: callDigest({ ...call, arguments: input }) }),
    answer: given,
    at: clock.now(),
  });
}

/** Remembered, so that a message which comes on two ways is recorded once. */
async function refuseHalted(office: Office, call: ToolCall, session: SessionRecord, digest: string, why: string): Promise<Answer> {
  const answer = await refuse(office, call, session, why, true);
  remember(office, call, digest, answer);
  return answer;
}

/** The same id with other arguments is another call that borrows an answer. */
function refuseReusedId(office: Office, call: ToolCall): Promise<Answer> {
  const session = office.sessions.get(call.agent.name, call.session.id);
  return refuse(office, call, session, `The call ${call.id} was already decided on, with other arguments. Make a new call.`, false);
}

/** Whoever was asked over HTTP was not us, and may have had no objection. */
async function refuseUnreached(office: Office, { call, origin }: ToolCallEvent): Promise<Answer> {
  await office.ledger.incident(`Hooks of ${origin.agent.name} do not reach Countersign over HTTP`, origin);
  const session = office.sessions.get(call.agent.name, call.session.id);
  return refuse(
    office,
    call,
    session,
    'This call did not reach Countersign over HTTP: somebody else may have been asked. Start the session again.',
    false,
  );
}

async function refuse(office: Office, call: ToolCall, session: SessionRecord | undefined, reason: string, stop: boolean): Promise<Answer> {
  const answer: Answer = { kind: 'refuse', reason, stop };
  if (session !== undefined)
    office.sessions.save({ ...session, calls: session.calls + 1, denials: session.denials + 1, lastCallAt: office.ports.clock.now() });
  await office.ledger.write(decisionEntry(call, refusalDecision(reason), { answer, heard: true }), 'synced');
  return answer;
}
