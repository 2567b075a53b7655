import type { Agent, Expansion, Origin, Recorded, RecordedCall, RecordedResult } from '../agents/agent.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { faultByArguments, faultOf, type Fault } from './compare.ts';
import type { Ungoverned } from './incident-list.ts';
import { raiseIncident } from './incidents.ts';
import { endSession } from './end-session.ts';
import { inlineCallsOf } from './inline.ts';
import { noteCommand, typedTool } from './observe.ts';
import type { Office } from './office.ts';
import type { AgentRecords, AuditQuery, RecordLine, RunningSession, Witness } from './ports.ts';
import { keyOf } from './sessions.ts';

/** A decision is in the log before its call can run; this is for the time in which another process's entry becomes visible. */
const graceMs = 500;
/** A session says hello before its first prompt; a machine under load may need a moment for the hook that says it. */
const helloMs = 3_000;
/** A copied line is older than the file it stands in; a file may begin a little later than what is written into it. */
const slackMs = 10_000;
const dayMs = 24 * 60 * 60_000;
const mostCalls = 4_000;
const nowhere = { path: '', head: '' };
/** One that no signal ends is told of each time, but not for ever. */
const mostAttempts = 5;

/**
 * Compares what agents wrote about their sessions with what we decided. Hooks can be switched off, shadowed or diverted; what
 * the agent writes down for itself does not depend on them.
 */
export class Reconciler implements Witness {
  readonly #office: Office;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #hookedSince: AgentRecords['hookedSince'];
  /** Calls without a result yet, oldest first, by agent, session and id: many servers number the calls of each session anew. */
  readonly #calls = new Map<string, RecordedCall>();
  /** Sessions that run, by what their agent says. */
  #running = new Map<string, RunningSession>();
  /** Sessions that have been told of, or will be unless they say hello in time. */
  readonly #silent = new Set<string>();
  /** Sessions that a policy wants ended, with how often they were found running since. */
  readonly #condemned = new Map<string, number>();

  constructor(office: Office, agents: ReadonlyMap<string, Agent>, hookedSince: AgentRecords['hookedSince']) {
    this.#office = office;
    this.#agents = agents;
    this.#hookedSince = hookedSince;
  }

  readonly marks = (agent: string): readonly string[] => this.#agents.get(agent)?.records?.marks ?? [];

  readonly line = (line: RecordLine): void => this.#try(() => this.#heed(line));

  readonly running = (sessions: readonly RunningSession[]): void => {
    this.#running = new Map(sessions.map((session) => [keyOf(session.agent, session.session), session]));
    this.#try(() => {
      for (const session of sessions) {
        this.#endAgain(session);
        if (session.isActive) this.#expectHello(session.agent, session.session, session.cwd, session.startedAt, helloMs);
      }
    });
  };

  #heed({ agent, text, begun, file = nowhere }: RecordLine): void {
    const since = this.#hookedSince(agent);
    if (since === undefined) return;
    for (const found of this.#agents.get(agent)?.records?.read(text, file) ?? []) {
      if (found.at < since || found.at < begun - slackMs) continue;
      this.#heedOne(agent, found, begun);
    }
  }

  #heedOne(agent: string, found: Recorded, begun: number): void {
    switch (found.kind) {
      case 'call':
        return this.#made(found, begun);
      case 'result':
        return found.ran ? this.#ran(agent, found, begun) : void this.#calls.delete(keyOf(agent, found.session, found.callId));
      case 'expansion':
        return this.#expanded(agent, found.origin, found.expansion, found.at, begun);
      case 'command':
        return void noteCommand(this.#office, found);
    }
  }

  /** The file has run its commands already: they show nowhere else. */
  #expanded(agentName: string, origin: Origin, expansion: Expansion, at: number, begun: number): void {
    const agent = this.#agents.get(agentName);
    if (agent === undefined) return;
    for (const call of inlineCallsOf(this.#office.ports, agent, expansion, origin, at)) {
      this.#made({ kind: 'call', call, at }, begun);
      this.#ran(agentName, { kind: 'result', session: origin.session.id, callId: call.id, ran: true, at }, begun);
    }
  }

  #made(found: RecordedCall, begun: number): void {
    const { call } = found;
    this.#calls.set(keyOf(call.agent.name, call.session.id, call.id), found);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > mostCalls && oldest !== undefined) this.#calls.delete(oldest);
    this.#expectHello(call.agent.name, call.session.id, call.cwd, begun, graceMs);
  }

  /** Hello comes before anything else; a session that began before it had hooks owes us none. */
  #expectHello(agent: string, id: string, cwd: string, begun: number, ms: number): void {
    const key = keyOf(agent, id);
    if (this.#silent.has(`${key} ${ms}`) || this.#isExempt(agent, id, begun)) return;
    if (this.#wasHeard(agent, id)) return;
    this.#silent.add(`${key} ${ms}`);
    this.#later(ms, () => {
      // Told once, whichever of the two waits ends first.
      if (this.#silent.has(key) || this.#wasHeard(agent, id)) return;
      if (ms === helloMs && !this.#running.has(key)) return;
      this.#silent.add(key);
      if (this.#wasTold({ session: id })) return;
      this.#raise({ agent, session: id, cwd, cause: 'no-hello', what: `A session of ${agent} runs without Countersign` });
    });
  }

  #isExempt(agent: string, id: string, begun: number): boolean {
    const since = this.#hookedSince(agent);
    const startedAt = this.#running.get(keyOf(agent, id))?.startedAt ?? begun;
    return since === undefined || (startedAt < since && !this.#wasHeard(agent, id));
  }

  #ran(agent: string, result: RecordedResult, begun: number): void {
    const key = keyOf(agent, result.session, result.callId);
    const made = this.#calls.get(key);
    this.#calls.delete(key);
    if (made?.expansion !== undefined) this.#expanded(agent, originOf(made), made.expansion, result.at, begun);
    if (this.#isExempt(agent, result.session, begun)) return;
    // Within the slack, it may be another session's line that was copied into this file, with the call's name. Where names say nothing, it
    // is one that was written down late, on a machine under load, and what another session may do does not excuse it.
    const isNamed = this.#agents.get(agent)?.records?.alsoByArguments !== true;
    const copied = isNamed && (made?.at ?? result.at) < begun;
    const look = (): Fault | undefined => this.#faultOf(agent, result, made, copied);
    const told = { callId: result.callId, since: result.at - dayMs, ...(copied ? {} : { session: result.session }) };
    if (look() === undefined) return;
    this.#later(graceMs, () => {
      const fault = look();
      if (fault === undefined || this.#wasTold(told)) return;
      const name = made?.call.nativeTool ?? 'A tool call';
      this.#raise({
        agent,
        session: result.session,
        cwd: made?.call.cwd ?? '',
        callId: result.callId,
        ...(made === undefined ? {} : { call: made.call }),
        cause: fault,
        what: `${name} (${result.callId}) ${faults[fault]}`,
      });
    });
  }

  #faultOf(agent: string, { session, callId, at }: RecordedResult, made: RecordedCall | undefined, copied: boolean): Fault | undefined {
    const reader = this.#agents.get(agent)?.records;
    const subagents = reader?.alsoByArguments === true;
    const elsewhere = { copied, subagents };
    const ran = { agent, session, callId, endedAt: at, elsewhere, ...(made === undefined ? {} : { madeAt: made.at, input: made.call }) };
    const fault = faultOf(this.#office.ports, ran, reader?.isSame);
    return fault === 'undecided' && subagents ? faultByArguments(this.#office.ports, ran) : fault;
  }

  /** Before a restart, or by the hook that reported the result. */
  #wasTold(about: Pick<AuditQuery, 'session' | 'callId' | 'since'>): boolean {
    const told = this.#office.ports.audit.list({ ...about, kind: 'incident', limit: 50 });
    return told.some(({ entry }) => entry.detail?.['cause'] !== undefined);
  }

  /** A hook that judged by itself leaves its word in the log alone. What a person typed stands there as well, and no hook told it. */
  #wasHeard(agent: string, session: string): boolean {
    const { state, audit } = this.#office.ports;
    const isHeard = ({ entry }: { readonly entry: AuditEntry }): boolean => entry.kind !== 'incident' && entry.nativeTool !== typedTool;
    return state.session(agent, session) !== undefined || audit.list({ session, limit: 20 }).some(isHeard);
  }

  #later(ms: number, look: () => void): void {
    this.#office.ports.clock.after(ms, () => this.#try(look));
  }

  /** A state or log that cannot be read refuses the next call with its reason; here it only must not end the governor. */
  #try(look: () => void): void {
    try {
      look();
    } catch (error) {
      void this.#office.ledger.incident('What an agent wrote could not be compared with what was decided', undefined, error);
    }
  }

  #raise(found: Ungoverned): void {
    void raiseIncident(this.#office, found).then((then) => {
      if (then === 'kill') this.#condemned.set(keyOf(found.agent, found.session), 0);
    });
  }

  /** In the moment of the first attempt its process may not have been found; and it may make no other call that leads to another one. */
  #endAgain({ agent, session }: RunningSession): void {
    const key = keyOf(agent, session);
    const found = this.#condemned.get(key);
    if (found === undefined || found >= mostAttempts || this.#office.incidents.ending.has(session)) return;
    const known = this.#office.sessions.get(agent, session);
    // A person has revived it.
    if (known !== undefined && known.killed === undefined) return void this.#condemned.delete(key);
    this.#condemned.set(key, found + 1);
    void endSession(this.#office, agent, session, 'It still ran, without Countersign.');
  }
}

function originOf({ call: { agent, session, subagent, cwd } }: RecordedCall): Origin {
  return { agent, session, ...(subagent === undefined ? {} : { subagent }), cwd, event: 'transcript' };
}

const faults = {
  undecided: 'ran without a decision',
  refused: 'ran although it was refused',
  changed: 'ran with other arguments than those that were decided on',
} as const satisfies Record<Fault, string>;
