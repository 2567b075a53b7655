import type { Approval, Approver } from '../engine/approval/approval.ts';
import type { Agent, Answer, HookEvent, Origin, Reply } from '../agents/agent.ts';
import type { BudgetStanding } from '../engine/budget/standing.ts';
import type { BudgetProblem } from './budget/news.ts';
import { budgetStandings } from './budget/standings.ts';
import { resetBreakers } from './budget/reset.ts';
import type { GivenAnswer } from './approve.ts';
import { decideCall, type Rewriting } from './decide.ts';
import { messageOf } from './fault.ts';
import type { Listener } from './feed.ts';
import type { Canary } from './canaries.ts';
import { closeIncidents } from './close-incidents.ts';
import type { IncidentProblem, OpenIncident } from './incident-list.ts';
import { Gateway } from './gateway/gateway.ts';
import type { PastGateway } from './gateway/past.ts';
import { killSession, reviveSession, type Killed } from './kill.ts';
import { killAllSessions, type KilledAll } from './kill-all.ts';
import { guardResults } from './guard/results.ts';
import { decideInline } from './inline.ts';
import { officeOf, type GovernorOptions } from './make-office.ts';
import { judgeModelRequest } from './model-request.ts';
import { judgeConfigChange, noteEnd, notePermissionRequest, notePrompt, noteStart, noteSubagent, noteTurnEnd } from './observe.ts';
import { endObservations, observations, observe, type ObserveWish, type Observing } from './observing.ts';
import type { HookContext, Office } from './office.ts';
import { OwnServer } from './own-server/own-server.ts';
import { pause, refuseWhilePaused, resume, type Paused } from './pause.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { AgentRecords, AuditQuery, Observation, Pause, PolicyNews, Ports, SpendWatch } from './ports.ts';
import { policiesInForce, type PoliciesInForce } from './policies.ts';
import type { Proof } from './proof.ts';
import { beginCanary, endCanary, type CanaryEnd } from './prove.ts';
import { Reconciler } from './reconcile.ts';
import { refuseWithoutAgent, unreadReason } from './refusals.ts';
import type { SessionStanding } from './sessions.ts';
import { settleCall } from './settle.ts';
import { contextOf, speakerOf } from './speaker.ts';
import type { SessionInSight } from './sight.ts';

export type { GovernorOptions } from './make-office.ts';

/** How often sessions are checked for processes that are gone. */
const sweepMs = 10_000;

/** Conducts: every host's one way to a decision, to the people who answer, and to the record. */
export class Governor {
  /** For gateways that stand before MCP servers. */
  readonly gateway: Gateway;
  /** For agents that ask about themselves. */
  readonly ownServer: OwnServer;
  readonly #office: Office;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #replying = new Set<Promise<Reply>>();
  readonly #records: AgentRecords | undefined;
  readonly #spend: SpendWatch | undefined;
  #stopSweeping: () => void = () => undefined;
  #stopFollowing: () => void = () => undefined;
  #stopHearing: () => void = () => undefined;

  constructor(ports: Ports, agents: ReadonlyMap<string, Agent>, options: GovernorOptions) {
    this.#agents = agents;
    this.#office = officeOf(ports, options);
    this.gateway = new Gateway(this.#office);
    this.ownServer = new OwnServer(this.#office);
    this.#records = options.records;
    this.#spend = options.spend;
    if (options.alone === true) return;
    this.#sweep();
    this.#stopHearing = ports.policies.onChange?.((news) => this.#hearPolicies(news)) ?? (() => undefined);
  }

  /** The one path to a decision. Never rejects: whatever breaks is a refusal. */
  async hook(agentName: string, message: unknown, context: HookContext): Promise<Reply> {
    const agent = speakerOf(this.#agents, agentName, message);
    if (agent === undefined) return refuseWithoutAgent(`Countersign knows no agent "${agentName}"`);
    const reply = this.#replyTo(agent, message, contextOf(agent, context)).catch((error: unknown) => refuseWithoutAgent(messageOf(error)));
    this.#replying.add(reply);
    return reply.finally(() => this.#replying.delete(reply));
  }

  /** Open ones, oldest first. */
  approvals(): readonly Approval[] {
    return this.#office.approvals.open();
  }

  /** Those answered since this governor runs, newest first. */
  answeredApprovals(): readonly Approval[] {
    return this.#office.approvals.answered();
  }

  async answer(id: string, given: GivenAnswer, by: Approver): Promise<Approval> {
    if (given.outcome === 'approved') refuseWhilePaused(this.#office, id);
    return this.#office.approvals.answer(id, given, by);
  }

  sessions(): readonly SessionStanding[] {
    const { sessions, approvals } = this.#office;
    return this.#office.proofs.withProof(sessions.standings((id) => approvals.pendingOf(id)));
  }

  /** The same, with what the machine shows of them, and with those that no hook told of: of the last `look`. */
  inSight(): readonly SessionInSight[] {
    return this.#office.sight.views(this.sessions());
  }

  /** Looks which agents run on this machine. Rejects when that cannot be known. */
  look(): Promise<void> {
    return this.#office.sight.look();
  }

  /** Nobody looks any more: what was seen is not kept. */
  lookAway(): void {
    this.#office.sight.forget();
  }

  kill(session: string, reason: string, by: string): Promise<Killed> {
    return killSession(this.#office, session, reason, by, [...this.#agents.keys()]);
  }

  /** Ends every session of this person that runs now, governed or not. */
  killAll(reason: string, by: string): Promise<KilledAll> {
    return killAllSessions(this.#office, reason, by);
  }

  async revive(session: string, by: string): Promise<SessionStanding> {
    return this.#office.sessions.standing(await reviveSession(this.#office, session, by), 0);
  }

  /** Refuses the calls of a session, or of all, until they are resumed. */
  pause(session: string | undefined, reason: string, by: string): Promise<Paused> {
    return pause(this.#office, session, reason, by);
  }

  resume(session: string | undefined, by: string): Promise<Paused> {
    return resume(this.#office, session, by);
  }

  /** A session is about to begin that only shows whether a call of its is refused. */
  beginCanary(canary: Canary): void {
    beginCanary(this.#office, canary);
  }

  /** Its client told that it has hooks like ours. */
  hasHooks(agent: string, session: string): void {
    if (this.#office.sessions.get(agent, session) !== undefined) this.#office.proofs.came(agent, session, 'hooks');
  }

  /** What that showed. */
  endCanary(end: CanaryEnd): Proof {
    return endCanary(this.#office, end);
  }

  /** The pause of all sessions at once, while there is one. */
  pauseOfAll(): Pause | undefined {
    return this.#office.ports.state.pauseOfAll();
  }

  /** A person wants calls to be recorded only, of a workspace or of all, or to be stopped again. */
  observe(wish: ObserveWish, by: string): Promise<Observing> {
    return observe(this.#office, wish, by);
  }

  observing(): readonly Observation[] {
    return observations(this.#office);
  }

  /** What governs the calls of a folder now. */
  policies(folder: string): PoliciesInForce {
    return policiesInForce(this.#office, folder);
  }

  /** The text of a policy version that was ever in force. */
  policyText(digest: string): string | undefined {
    return this.#office.ports.policyMemory?.text(digest);
  }

  policiesRevision(): number | undefined {
    return this.#office.ports.policies.revision?.();
  }

  /** How every limit stands that the sessions of late are held against. */
  budgets(): Promise<readonly BudgetStanding[]> {
    return budgetStandings(this.#office);
  }

  async resetBreakers(session: string, by: Approver): Promise<SessionStanding> {
    return this.#office.sessions.standing(await resetBreakers(this.#office, session, by), this.#office.approvals.pendingOf(session));
  }

  /** What ran without us, and what is nearly or wholly used up, for a person to see. */
  problems(): readonly (IncidentProblem | BudgetProblem)[] {
    return [...this.#office.incidents.problems(), ...this.#office.budgetNews.problems()];
  }

  /** MCP servers that hooks tell of and no gateway stands before. */
  pastGateway(): readonly PastGateway[] {
    return this.#office.serversPast.all();
  }

  /** What ran without us and no person has closed yet, oldest first. */
  incidents(): readonly OpenIncident[] {
    return this.#office.incidents.open();
  }

  /** Resolves with those that were open. */
  closeIncidents(seqs: readonly number[], reason: string, by: Approver): Promise<readonly number[]> {
    return closeIncidents(this.#office, seqs, reason, by);
  }

  /** What `obstacle` goes by has changed: whoever watches sessions hears of it. */
  proofsChanged(): void {
    this.#office.feed.changed('sessions');
  }

  /** Newest first; for whoever must know what earlier governors said. */
  entries(query: AuditQuery): readonly AuditRecord[] {
    return this.#office.ports.audit.list(query);
  }

  /** From now on what agents write down is compared with what was decided. */
  reconcile(): void {
    const records = this.#records;
    if (records !== undefined) this.#stopFollowing = records.follow(new Reconciler(this.#office, this.#agents, records.hookedSince));
  }

  /** Newest first. */
  activity(limit: number, before?: number): readonly AuditRecord[] {
    return this.#office.ports.audit.recent(limit, before);
  }

  /** An entry of the host's own: it started, it stopped, its port was taken. */
  record(kind: 'governor' | 'incident' | 'config-change', reason: string, detail: NonNullable<AuditEntry['detail']>): Promise<AuditRecord> {
    return this.#office.ledger.write({ kind, reason, detail }, 'synced');
  }

  subscribe(listener: Listener): () => void {
    return this.#office.feed.listen(listener);
  }

  /** Marks sessions whose process is gone. Happens by itself every ten seconds. */
  sweep(): void {
    const { sessions, approvals } = this.#office;
    for (const { id } of sessions.sweep((session) => approvals.isHeld(session))) approvals.cancelSession(id, 'The session has ended.');
  }

  /** Calls that wait are refused; open questions stay stored for the next governor. Resolves when the last reply is made. */
  async dispose(): Promise<void> {
    this.#stopSweeping();
    this.#stopFollowing();
    this.#stopHearing();
    this.#office.approvals.dispose();
    this.#office.reviews.dispose();
    await Promise.all(this.#replying);
    await this.gateway.settled();
  }

  async #replyTo(agent: Agent, message: unknown, context: HookContext): Promise<Reply> {
    const { ledger, callIds } = this.#office;
    let event: HookEvent;
    try {
      event = callIds.named(agent.read(message, context.event));
    } catch (error) {
      await ledger.incident(`A message from ${agent.name} could not be read`, undefined, error);
      return agent.refuseUnread(message, unreadReason(error), context.event);
    }
    this.#hear(event.origin);
    this.#office.sight.heard(event, context);
    try {
      const answer = await this.#answer(agent, event, context);
      callIds.answered(event, answer);
      return agent.reply(answer, event);
    } catch (error) {
      await ledger.incident(`${event.origin.event} could not be dealt with`, event.origin, error);
      return agent.reply(
        { kind: 'refuse', reason: `Countersign failed, so the call does not run: ${messageOf(error)}`, stop: false },
        event,
      );
    }
  }

  /** What a prompt file runs by itself is decided on with whatever makes it a prompt. */
  async #answer(agent: Agent, event: HookEvent, context: HookContext): Promise<Answer> {
    const answer = await this.#answerTo(agent, event, context);
    const expansion = event.kind === 'tool-call' || event.kind === 'prompt' ? event.expansion : undefined;
    if (answer.kind === 'refuse' || expansion === undefined) return answer;
    const inline = await decideInline(this.#office, agent, expansion, event.origin, context);
    return inline.kind === 'refuse' ? inline : answer;
  }

  async #answerTo(agent: Agent, event: HookEvent, context: HookContext): Promise<Answer> {
    const office = this.#office;
    switch (event.kind) {
      case 'tool-call':
        return decideCall(office, event, context, { rewriting: rewritingOf(agent), waits: agent.waits });
      case 'tool-result':
        if (event.outcome.status === 'ran') office.serversPast.hookTold(event.call);
        return settleCall(office, event);
      case 'permission-request':
        return notePermissionRequest(office, event);
      case 'prompt':
        this.#learn(event.origin);
        return notePrompt(office, event, context);
      case 'session-start':
        this.#learn(event.origin);
        return noteStart(office, event, context);
      case 'session-end':
        return noteEnd(office, event);
      case 'calls-end':
        return guardResults(office, event);
      case 'model-request':
        return judgeModelRequest(office, event);
      case 'turn-end':
        return noteTurnEnd(office, event);
      case 'subagent-start':
      case 'subagent-end':
        return noteSubagent(office, event);
      case 'config-change':
        return judgeConfigChange(office, event);
      case 'other':
        return { kind: 'pass' };
    }
    // No agent can send it by its type. Should one, it is not let through.
    throw new TypeError('An event of an unknown kind');
  }

  #learn({ agent, session }: Origin): void {
    if (session.transcript !== undefined) this.#records?.learn(agent.name, session.transcript);
  }

  /** A hook comes when the response that led to it is in the record, or soon after. */
  #hear({ agent, session, cwd }: Origin): void {
    if (session.transcript === undefined || session.transcript === '') return;
    this.#spend?.heard({ agent: agent.name, session: session.id, cwd, transcript: session.transcript });
  }

  /** A change that cannot be written down now is with the next decision. */
  #hearPolicies(news: readonly PolicyNews[]): void {
    const { policyRecord, ledger } = this.#office;
    policyRecord.heard(news).catch((error: unknown) => ledger.incident('A change of policies could not be recorded', undefined, error));
  }

  #sweep(): void {
    this.#stopSweeping = this.#office.ports.clock.after(sweepMs, () => {
      try {
        this.sweep();
        void endObservations(this.#office).catch((error: unknown) =>
          this.#office.ledger.incident('Observing could not be ended', undefined, error),
        );
      } catch (error) {
        void this.#office.ledger.incident('Sessions could not be checked', undefined, error);
      }
      this.#sweep();
    });
  }
}

/** An agent that cannot say what other arguments would do cannot be given any. */
function rewritingOf({ describe }: Agent): Rewriting | undefined {
  return describe && ((call, input) => ({ ...call, arguments: input, ...describe({ ...call, arguments: input }) }));
}
