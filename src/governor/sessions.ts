import type { Origin } from '../agents/agent.ts';
import type { SessionSpend } from '../engine/spend/report.ts';
import type { AgentProcess, Pause, Ports, SessionRecord, SpendWatch } from './ports.ts';
import type { Proof } from './proof.ts';

export interface SessionStanding extends SessionRecord {
  /** busy: a call runs; waiting: an approval is open; asking: the agent waits at its own prompt; idle; paused: its calls are refused for now; ended; killed. */
  readonly state: 'busy' | 'waiting' | 'asking' | 'idle' | 'paused' | 'ended' | 'killed';
  readonly pending: number;
  /** Left out where nothing was counted yet. */
  readonly spend?: SessionSpend;
  /** Left out where nothing is known, and for what has ended. */
  readonly proven?: Proof;
}

/** How often a session without a known process is looked up. */
const lookUpMs = 5_000;
/** A session of which no process is known counts as ended when it was not heard of for this long. */
const silentMs = 24 * 60 * 60_000;
/** How long a session that ended is still listed. */
const shownMs = 24 * 60 * 60_000;

interface SessionsOptions {
  readonly spendOf?: SpendWatch['session'] | undefined;
  /** It is no agent's: nothing is kept of it. */
  readonly isHidden?: (session: string) => boolean;
}

/** What we know of every session. The state store is the truth; only what cannot outlive us is kept in memory. */
export class Sessions {
  readonly #ports: Ports;
  readonly #changed: () => void;
  readonly #spendOf: SpendWatch['session'];
  readonly #isHidden: (session: string) => boolean;
  /** Calls that were let through and have not reported back, by session. */
  readonly #running = new Map<string, Set<string>>();
  readonly #lookedUp = new Map<string, number>();
  /** What is shown, so that watching does not cost a database's worth of reading per change. Read anew with every sweep. */
  #listed: Map<string, SessionRecord> | undefined;

  constructor(ports: Ports, changed: () => void, { spendOf = () => undefined, isHidden = () => false }: SessionsOptions = {}) {
    this.#ports = ports;
    this.#spendOf = spendOf;
    this.#isHidden = isHidden;
    this.#changed = changed;
  }

  /** The session a message belongs to, as it stands after hearing from it. Not stored yet: `save` does. */
  heard(origin: Origin, pid?: number): SessionRecord {
    const { state, clock } = this.#ports;
    const { agent, session, cwd } = origin;
    const known = this.#alive(state.session(agent.name, session.id) ?? this.#fresh(origin));
    return {
      ...known,
      cwd: cwd === '' ? known.cwd : cwd,
      mode: session.mode ?? known.mode,
      interactive: session.interactive ?? known.interactive,
      lastSeenAt: clock.now(),
      ...this.#process(known, pid),
    };
  }

  save(session: SessionRecord): void {
    if (this.#isHidden(session.id)) return;
    this.#ports.state.saveSession(session);
    this.#listed?.set(keyOf(session.agent, session.id), session);
    this.#changed();
  }

  /** All of them, and those that begin later; `undefined` takes it back. */
  pauseAll(pause: Pause | undefined): void {
    this.#ports.state.savePauseOfAll(pause);
    this.#changed();
  }

  /** Those that were paused by themselves. */
  paused(): readonly SessionRecord[] {
    return this.#ports.state.sessions().filter(({ paused }) => paused !== undefined);
  }

  get(agent: string, id: string): SessionRecord | undefined {
    return this.#ports.state.session(agent, id);
  }

  find(id: string): SessionRecord | undefined {
    return this.#ports.state.sessions().find((session) => session.id === id);
  }

  countDenial(agent: string, id: string): void {
    const session = this.get(agent, id);
    if (session !== undefined) this.save({ ...session, denials: session.denials + 1 });
  }

  /** Forgets the process that was known, so that a resumed session finds its new one. */
  forgetProcess(session: SessionRecord): SessionRecord {
    this.#lookedUp.delete(keyOf(session.agent, session.id));
    const { pid: _, processStart: __, ...rest } = session;
    return { ...rest, ...this.#process(rest, undefined) };
  }

  end(session: SessionRecord): void {
    this.#running.delete(keyOf(session.agent, session.id));
    this.save({ ...session, endedAt: this.#ports.clock.now() });
  }

  /** Where a call of that name runs now; `undefined`: nowhere, or in more than one. */
  whereRuns(agent: string, callId: string): SessionRecord | undefined {
    const found = this.#list().filter(
      (session) => session.agent === agent && this.#running.get(keyOf(agent, session.id))?.has(callId) === true,
    );
    return found.length === 1 ? found[0] : undefined;
  }

  callRuns(agent: string, id: string, callId: string): void {
    const key = keyOf(agent, id);
    this.#running.set(key, (this.#running.get(key) ?? new Set()).add(callId));
  }

  callEnded(agent: string, id: string, callId: string): void {
    if (this.#running.get(keyOf(agent, id))?.delete(callId) === true) this.#changed();
  }

  turnEnded(agent: string, id: string): void {
    if (this.#running.delete(keyOf(agent, id))) this.#changed();
  }

  /** Marks sessions whose process is gone as ended, and returns them. `holds`: it waits for an answer of ours. */
  sweep(holds: (session: string) => boolean): readonly SessionRecord[] {
    this.#listed = undefined;
    const gone = this.#list().filter((session) => session.endedAt === undefined && this.#isGone(session, holds));
    for (const session of gone) this.end(session);
    return gone;
  }

  /** Those that live, those that a person killed, and those that ended lately. */
  standings(pendingOf: (session: string) => number): readonly SessionStanding[] {
    const since = this.#ports.clock.now() - shownMs;
    const all = this.#ports.state.pauseOfAll();
    return this.#list()
      .filter((session) => session.killed !== undefined || (session.endedAt ?? Infinity) > since)
      .map((session) => this.standing(session, pendingOf(session.id), all));
  }

  /** `all`: the pause of all sessions at once. */
  standing(session: SessionRecord, pending: number, all = this.#ports.state.pauseOfAll()): SessionStanding {
    const paused = session.paused ?? (session.endedAt === undefined ? all : undefined);
    const known = paused === undefined ? session : { ...session, paused };
    const spend = this.#spendOf(session.agent, session.id);
    return { ...known, pending, state: this.#stateOf(known, pending), ...(spend === undefined ? {} : { spend }) };
  }

  /** Whoever speaks has not ended; after an end, it speaks from another process. */
  #alive(session: SessionRecord): SessionRecord {
    if (session.endedAt === undefined) return session;
    const { endedAt: _, ...alive } = this.forgetProcess(session);
    return alive;
  }

  #stateOf(session: SessionRecord, pending: number): SessionStanding['state'] {
    if (session.killed !== undefined) return 'killed';
    if (session.endedAt !== undefined) return 'ended';
    if (session.paused !== undefined) return 'paused';
    if (pending > 0) return 'waiting';
    return (this.#running.get(keyOf(session.agent, session.id))?.size ?? 0) > 0 ? 'busy' : 'idle';
  }

  #list(): readonly SessionRecord[] {
    this.#listed ??= new Map(this.#ports.state.sessions().map((session) => [keyOf(session.agent, session.id), session]));
    return [...this.#listed.values()].sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  }

  #isGone(session: SessionRecord, holds: (session: string) => boolean): boolean {
    const agent = processOf(session);
    if (agent !== undefined) return !this.#ports.processes.isAlive(agent);
    return this.#ports.clock.now() - session.lastSeenAt > silentMs && !holds(session.id);
  }

  #fresh({ agent, session, cwd }: Origin): SessionRecord {
    const now = this.#ports.clock.now();
    return {
      agent: agent.name,
      id: session.id,
      cwd,
      mode: session.mode ?? '',
      interactive: session.interactive ?? true,
      startedAt: now,
      lastSeenAt: now,
      calls: 0,
      denials: 0,
    };
  }

  #process(session: SessionRecord, pid: number | undefined): Pick<SessionRecord, 'pid' | 'processStart'> {
    if (session.pid !== undefined && (pid === undefined || pid === session.pid)) return {};
    const found = pid === undefined ? this.#lookUp(session) : this.#ports.processes.identify(pid);
    return found === undefined ? {} : { pid: found.pid, processStart: found.start };
  }

  /** Asking the system costs more than deciding does: a session that is not found is not asked for at every call. */
  #lookUp(session: SessionRecord): AgentProcess | undefined {
    const key = keyOf(session.agent, session.id);
    const now = this.#ports.clock.now();
    if (now - (this.#lookedUp.get(key) ?? -Infinity) < lookUpMs) return undefined;
    this.#lookedUp.set(key, now);
    return this.#ports.processes.find(session.agent, session.id);
  }
}

/** The process of a session, only where its start time is known too: a pid alone may belong to somebody else by now. */
export function processOf(session: SessionRecord): AgentProcess | undefined {
  if (session.pid === undefined || session.processStart === undefined) return undefined;
  return { pid: session.pid, start: session.processStart };
}

export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
