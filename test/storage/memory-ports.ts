import { posix } from 'node:path';
import type { Approval, ApprovalAnswer } from '../../src/engine/approval/approval.ts';
import { genesis, recordOf } from '../../src/engine/audit/chain.ts';
import type { AuditEntry, AuditRecord } from '../../src/engine/audit/entry.ts';
import type { RecentCall } from '../../src/engine/budget/judge-breaker.ts';
import type { PolicySet } from '../../src/engine/policy/policy-set.ts';
import type { GitState, Workspace } from '../../src/engine/request.ts';
import type {
  AgentProcess,
  AnsweredCall,
  AuditLog,
  AuditQuery,
  BudgetNote,
  BudgetStore,
  Clock,
  Grant,
  FoundAgent,
  KillReport,
  Observation,
  Pause,
  PolicyNews,
  PolicySource,
  Ports,
  Processes,
  RecentCalls,
  SessionRecord,
  StateStore,
  Surroundings,
} from '../../src/governor/ports.ts';

/** Every port in memory, typed as the double so that a test can reach its switches. */
export interface MemoryPorts extends Ports {
  readonly clock: ManualClock;
  readonly policies: MemoryPolicies;
  readonly surroundings: MemorySurroundings;
  readonly audit: MemoryAuditLog;
  readonly state: MemoryStateStore;
  readonly processes: MemoryProcesses;
}

export function memoryPorts(set: PolicySet = { files: [] }): MemoryPorts {
  let issued = 0;
  return {
    clock: new ManualClock(),
    ids: () => `id${(issued += 1)}`,
    policies: new MemoryPolicies(set),
    surroundings: new MemorySurroundings(),
    audit: new MemoryAuditLog(),
    state: new MemoryStateStore(),
    processes: new MemoryProcesses(),
  };
}

/** Time stands still until `advance` moves it. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Moves on, and runs what falls due on the way, in the order of its time. */
  advance(ms: number): void {
    const target = this.#now + ms;
    for (let timer = this.#nextUntil(target); timer !== undefined; timer = this.#nextUntil(target)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
    }
    this.#now = target;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  #nextUntil(target: number) {
    return [...this.#timers].filter((timer) => timer.at <= target).sort((a, b) => a.at - b.at)[0];
  }
}

export class MemoryPolicies implements PolicySource {
  readonly #listeners = new Set<(news: readonly PolicyNews[]) => void>();
  #set: PolicySet;

  constructor(set: PolicySet) {
    this.#set = set;
  }

  readonly inForce = (): PolicySet => this.#set;

  readonly onChange = (listener: (news: readonly PolicyNews[]) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(news: readonly PolicyNews[]): void {
    for (const listener of this.#listeners) listener(news);
  }

  use(set: PolicySet): void {
    this.#set = set;
  }
}

/** A POSIX machine without a disk: every folder is its own workspace unless `workspaces` says otherwise. */
export class MemorySurroundings implements Surroundings {
  readonly workspaces = new Map<string, Workspace>();
  readonly links = new Map<string, string>();
  /** Texts of scripts by their path. */
  readonly scripts = new Map<string, string>();
  /** What git says of a path; of every other that it holds none. */
  readonly gitStates = new Map<string, GitState>();
  /** Every path that was asked for, in order. */
  readonly asked: string[] = [];
  /** Paths that cannot be resolved. */
  readonly unresolvable = new Set<string>();
  person = { name: 'ada', email: 'ada@example.com', roles: [] as readonly string[], home: '/home/ada' };

  readonly workspace = (cwd: string): Workspace => {
    for (let folder = cwd; ; folder = posix.dirname(folder)) {
      const known = this.workspaces.get(folder);
      if (known !== undefined) return known;
      if (folder === posix.dirname(folder)) return { root: cwd, branch: '', remote: '', trusted: false };
    }
  };

  readonly resolve = (path: string, cwd: string): string => {
    const absolute = posix.resolve(cwd, path.replace(/^~(?=\/|$)/, this.person.home));
    if (this.unresolvable.has(absolute)) throw new Error(`Cannot resolve ${absolute}`);
    for (const [link, target] of this.links) {
      if (absolute === link || absolute.startsWith(`${link}/`)) return target + absolute.slice(link.length);
    }
    return absolute;
  };

  readonly readText = (path: string): string | undefined => {
    this.asked.push(path);
    return this.scripts.get(path);
  };

  readonly gitState = (path: string): GitState => {
    this.asked.push(path);
    return this.gitStates.get(path) ?? 'outside';
  };

  readonly user = () => this.person;
}

export class MemoryAuditLog implements AuditLog {
  readonly #records: AuditRecord[] = [];
  /** While set, nothing can be written: what a full disk looks like. */
  failure: Error | undefined;
  /** What every entry was asked to survive, in order. */
  readonly durabilities: ('written' | 'synced')[] = [];

  readonly append = (entry: AuditEntry, durability: 'written' | 'synced'): Promise<AuditRecord> => {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    try {
      const record = recordOf(this.#records.at(-1)?.hash ?? genesis, this.#records.length + 1, entry);
      this.#records.push(record);
      this.durabilities.push(durability);
      return Promise.resolve(record);
    } catch (cause) {
      return Promise.reject(new Error('The entry could not be written to the audit log', { cause }));
    }
  };

  readonly recent = (limit: number, before = Infinity): readonly AuditRecord[] =>
    this.#records
      .filter((record) => record.seq < before)
      .toReversed()
      .slice(0, limit);

  readonly list = ({ limit = 100, since = -Infinity, until = Infinity, ...same }: AuditQuery): readonly AuditRecord[] =>
    this.#records
      .filter(({ entry }) => entry.time >= since && entry.time < until)
      .filter(({ entry }) => Object.entries(same).every(([key, value]) => Object.entries(entry).some(([k, v]) => k === key && v === value)))
      .toReversed()
      .slice(0, limit);

  /** Everything, oldest first. */
  get entries(): readonly AuditEntry[] {
    return this.#records.map((record) => record.entry);
  }
}

/** Plain data is copied on the way in and out, as a database does. */
export class MemoryStateStore implements StateStore {
  readonly #sessions = new Map<string, SessionRecord>();
  readonly #approvals = new Map<string, Approval>();
  readonly #answered = new Map<string, AnsweredCall>();
  readonly #grants = new Map<string, Grant>();
  readonly #rates: { readonly key: string; readonly at: number }[] = [];
  /** While set, every method throws it. */
  failure: Error | undefined;

  readonly saveSession = (session: SessionRecord): void => this.#put(this.#sessions, keyOf(session.agent, session.id), session);
  readonly session = (agent: string, id: string): SessionRecord | undefined => this.#get(this.#sessions, keyOf(agent, id));
  readonly sessions = (): readonly SessionRecord[] => this.#all(this.#sessions).sort((a, b) => b.lastSeenAt - a.lastSeenAt);

  readonly saveApproval = (approval: Approval): void => this.#put(this.#approvals, approval.id, approval);
  readonly answerApproval = (id: string, answer: ApprovalAnswer): void => {
    const approval = this.#get(this.#approvals, id);
    if (approval === undefined) throw new Error(`There is no approval ${id}`);
    if (approval.answer !== undefined) throw new Error(`Approval ${id} was already answered: ${approval.answer.outcome}`);
    this.#put(this.#approvals, id, { ...approval, answer });
  };
  readonly openApprovals = (): readonly Approval[] =>
    this.#all(this.#approvals)
      .filter((approval) => approval.answer === undefined)
      .sort((a, b) => a.askedAt - b.askedAt);

  readonly answered = (agent: string, session: string, callId: string): AnsweredCall | undefined =>
    this.#get(this.#answered, keyOf(agent, session, callId));
  readonly saveAnswered = (call: AnsweredCall): void => this.#put(this.#answered, keyOf(call.agent, call.session, call.callId), call);

  readonly saveGrant = (grant: Grant): void => this.#put(this.#grants, grant.id, grant);
  readonly grants = (session: string): readonly Grant[] => this.#all(this.#grants).filter((grant) => grant.session === session);
  readonly dropGrant = (id: string): void => {
    this.#check();
    this.#grants.delete(id);
  };

  readonly recordRate = (key: string, at: number): void => {
    this.#check();
    this.#rates.push({ key, at });
  };
  readonly countRate = (key: string, since: number): number => {
    this.#check();
    return this.#rates.filter((rate) => rate.key === key && rate.at >= since).length;
  };

  readonly budgets: BudgetStore = new MemoryBudgetStore(() => this.#check());
  readonly #observations = new Map<string, Observation>();
  readonly observations = (): readonly Observation[] =>
    this.#all(this.#observations).sort((a, b) => ((a.folder ?? '') < (b.folder ?? '') ? -1 : 1));
  readonly saveObservation = (observation: Observation): void => this.#put(this.#observations, observation.folder ?? '', observation);
  readonly dropObservation = (folder: string | undefined): void => {
    this.#check();
    this.#observations.delete(folder ?? '');
  };

  #pauseOfAll: Pause | undefined;
  readonly pauseOfAll = (): Pause | undefined => {
    this.#check();
    return this.#pauseOfAll;
  };
  readonly savePauseOfAll = (pause: Pause | undefined): void => {
    this.#check();
    this.#pauseOfAll = structuredClone(pause);
  };

  #put<T>(map: Map<string, T>, key: string, value: T): void {
    this.#check();
    map.set(key, structuredClone(value));
  }

  #get<T>(map: Map<string, T>, key: string): T | undefined {
    this.#check();
    return structuredClone(map.get(key));
  }

  #all<T>(map: Map<string, T>): T[] {
    this.#check();
    return structuredClone([...map.values()]);
  }

  #check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** Counters by the quarter of an hour, as the database has them. */
class MemoryBudgetStore implements BudgetStore {
  readonly #check: () => void;
  readonly #counts: { readonly counter: string; readonly quarter: number }[] = [];
  readonly #calls: { readonly session: string; readonly digest: string; call: RecentCall; ended?: number }[] = [];
  readonly #notes = new Map<string, BudgetNote>();

  constructor(check: () => void) {
    this.#check = check;
  }

  readonly countCall = (counters: readonly string[], at: number): void => {
    this.#check();
    this.#counts.push(...counters.map((counter) => ({ counter, quarter: Math.floor(at / 900_000) })));
  };
  readonly callsCounted = (counter: string, since = 0): number => {
    this.#check();
    return this.#counts.filter((one) => one.counter === counter && one.quarter >= Math.floor(since / 900_000)).length;
  };
  readonly saveCall = (session: string, digest: string, call: RecentCall): void => {
    this.#check();
    this.#calls.push({ session, digest, call });
  };
  readonly endCall = (session: string, callId: string, failed: boolean, at: number): void => {
    this.#check();
    for (const one of this.#calls) {
      if (one.session !== session || one.call.callId !== callId || one.ended !== undefined) continue;
      one.call = { ...one.call, failed };
      one.ended = at;
    }
  };
  readonly recentCalls = (session: string, { after, limit, digest, ended }: RecentCalls): readonly RecentCall[] => {
    this.#check();
    return this.#calls
      .map((one) => ({ ...one, time: ended === true ? (one.ended ?? -Infinity) : one.call.at }))
      .filter((one) => one.session === session && one.time > after && (digest === undefined || one.digest === digest))
      .toReversed()
      .sort((a, b) => b.time - a.time)
      .slice(0, limit)
      .map(({ call }) => call);
  };
  readonly note = (key: string): BudgetNote | undefined => {
    this.#check();
    return this.#notes.get(key);
  };
  readonly saveNote = (key: string, note: BudgetNote): void => {
    this.#check();
    this.#notes.set(key, note);
  };
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function namesIn(key: string): readonly string[] {
  const names: string[] = JSON.parse(key);
  return names;
}

/** A process table of its own. `deaf` processes survive every signal. */
export class MemoryProcesses implements Processes {
  readonly running = new Map<string, AgentProcess & { readonly children: readonly number[] }>();
  readonly deaf = new Set<number>();

  start(agent: string, session: string, process: AgentProcess, children: readonly number[] = []): void {
    this.running.set(keyOf(agent, session), { ...process, children });
  }

  readonly find = (agent: string, session: string): AgentProcess | undefined => {
    const found = this.running.get(keyOf(agent, session));
    return found === undefined ? undefined : { pid: found.pid, start: found.start };
  };

  readonly identify = (pid: number): AgentProcess | undefined => {
    const found = [...this.running.values()].find((known) => known.pid === pid);
    return found === undefined ? undefined : { pid, start: found.start };
  };

  readonly isAlive = (process: AgentProcess): boolean =>
    [...this.running.values()].some((known) => known.pid === process.pid && known.start === process.start);

  /** Agents of which nobody knows a session, or that are not ours. */
  readonly strays: FoundAgent[] = [];

  readonly agents = (): readonly FoundAgent[] => [
    ...[...this.running].map(([key, { pid, start }]) => {
      const [agent = '', session = ''] = namesIn(key);
      return { agent, session, cwd: '', process: { pid, start } };
    }),
    ...this.strays,
  ];

  /** Servers of several sessions, by pid: what each answers when one of them is to end. */
  readonly servers = new Map<number, 'ends it' | Error>();

  readonly end = (process: AgentProcess | undefined, session = ''): Promise<KillReport> => {
    const server = session === '' ? undefined : this.servers.get(process?.pid ?? 0);
    if (server !== undefined && process !== undefined) {
      const { pid } = process;
      if (server === 'ends it') return Promise.resolve({ ended: [], left: [], within: pid });
      return Promise.resolve({ ended: [], left: [{ pid, why: server.message }] });
    }
    const found = [...this.running].find(([, known]) => known.pid === process?.pid && known.start === process.start);
    const stray = this.strays.findIndex((known) => known.process.pid === process?.pid);
    if (stray >= 0) return Promise.resolve({ ended: this.strays.splice(stray, 1).map((known) => known.process.pid), left: [] });
    if (found === undefined) return Promise.resolve({ ended: [], left: [] });
    const [key, known] = found;
    const pids = [known.pid, ...known.children];
    if (!this.deaf.has(known.pid)) this.running.delete(key);
    return Promise.resolve({
      ended: pids.filter((pid) => !this.deaf.has(pid)),
      left: pids.filter((pid) => this.deaf.has(pid)).map((pid) => ({ pid, why: 'it survived both signals' })),
    });
  };
}
