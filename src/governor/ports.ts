import type { Approval, ApprovalAnswer } from '../engine/approval/approval.ts';
import type { AuditEntry, AuditRecord, EntryKind } from '../engine/audit/entry.ts';
import type { RecentCall } from '../engine/budget/judge-breaker.ts';
import type { PolicyFile, PolicySet } from '../engine/policy/policy-set.ts';
import type { GitState, GovernorTraces, Workspace } from '../engine/request.ts';
import type { SessionSpend, SpendSum } from '../engine/spend/report.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { PromptFile } from '../agents/agent.ts';
import type { ReviewSource } from './review/model.ts';

/** Everything the governor needs of the world. Storage implements it on disk; tests implement it in memory. */
export interface Ports {
  readonly clock: Clock;
  readonly ids: () => string;
  readonly policies: PolicySource;
  /** Left out where nothing is remembered: then nobody can say what is new in a file. */
  readonly policyMemory?: PolicyMemory;
  readonly surroundings: Surroundings;
  readonly audit: AuditLog;
  readonly state: StateStore;
  readonly processes: Processes;
  /** Left out where nobody looks for agents that never said a word to us. */
  readonly sightings?: Sightings;
  /** Left out where nothing can be counted: then a budget in tokens or dollars refuses. */
  readonly spend?: SpendSource;
  /** Whether an agent's own record holds a call by now, with the response that asks for it. Left out: it does. */
  readonly isRecorded?: (call: ToolCall) => Promise<boolean>;
  /** Who reviews texts; left out where nobody can be asked. */
  readonly reviews?: ReviewSource;
  /** An IANA name: whose midnight ends a day. Left out: UTC. */
  readonly timeZone?: () => string;
  /**
   * The files that an agent may make a prompt of when it is called by that name from that folder. Throws where one cannot be read.
   * Left out where there are none.
   */
  readonly promptFiles?: (agent: string, name: string, cwd: string) => readonly PromptFile[];
}

export interface Clock {
  readonly now: () => number;
  /** Calls `run` once after `ms`; the returned function cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** The policies in force for a working directory. Cheap: loading and compiling happened when the files changed. */
export interface PolicySource {
  readonly inForce: (cwd: string) => PolicySet;
  /** What decides about them has changed: looks again now. Left out where every answer is new anyway. */
  readonly refresh?: () => void;
  /** Tells of every version that comes and goes, also while nobody asks. Left out where nothing changes by itself. */
  readonly onChange?: (listener: (news: readonly PolicyNews[]) => void) => () => void;
  /** Another number whenever anything about them is different. */
  readonly revision?: () => number;
}

export interface PolicyNews {
  /** `rejected`: this version cannot be used. If a good one was known it stays in force, otherwise calls are denied. */
  readonly kind: 'loaded' | 'changed' | 'rejected' | 'removed';
  readonly path: string;
  /** The version that is in force now, or was. */
  readonly file: PolicyFile;
  /** Its folder was read before, and did not have it. */
  readonly isNew?: true;
}

/** What is remembered of policy files beyond what is in force now. */
export interface PolicyMemory {
  /** The digest of the version that was recorded last. */
  readonly last: (path: string) => string | undefined;
  readonly remember: (path: string, digest: string | undefined) => void;
  /** The text of a version that was ever recorded. */
  readonly text: (digest: string) => string | undefined;
  /** The digest of the version that a person trusted last. */
  readonly trusted: (path: string) => string | undefined;
}

/** What the machine knows about a call. Throws where a path cannot be resolved safely. */
export interface Surroundings {
  /** The folder of our own state, absolute, symlinks resolved: what self-protection protects. */
  readonly countersignHome?: string;
  /** Where the governor that decides can be met; left out where no such process is. */
  readonly governor?: () => GovernorTraces;
  readonly workspace: (cwd: string) => Workspace;
  /** Absolute, `~` and symlinks resolved, as far as the path exists. */
  readonly resolve: (path: string, cwd: string) => string;
  /** The same for all the paths of one call, which share what was seen of the disk. `met` hears of every symbolic link, and of what cannot be looked at. */
  readonly resolver?: (cwd: string, met?: (path: string, target: string | null) => void) => (path: string) => string;
  /** The text of a script by its absolute path; `undefined` where there is none that can be judged. Never throws, never waits. */
  readonly readText?: (path: string) => string | undefined;
  /** What git knows of an absolute path. Never throws; costs some milliseconds. */
  readonly gitState?: (path: string) => GitState;
  readonly user: () => { readonly name: string; readonly email: string; readonly roles: readonly string[]; readonly home: string };
}

/** One writer. Resolves when the entry is on disk as far as its kind demands; rejects when it could not be written. */
export interface AuditLog {
  readonly append: (entry: AuditEntry, durability: 'written' | 'synced') => Promise<AuditRecord>;
  /** Newest first. */
  readonly recent: (limit: number, before?: number) => readonly AuditRecord[];
  /** Newest first. */
  readonly list: (filter: AuditQuery) => readonly AuditRecord[];
}

export interface AuditQuery {
  readonly kind?: EntryKind;
  readonly session?: string;
  readonly callId?: string;
  /** Milliseconds since the epoch; `until` is exclusive. */
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
}

/** What must survive a restart. Every method throws when the disk does. */
export interface StateStore {
  readonly saveSession: (session: SessionRecord) => void;
  readonly session: (agent: string, id: string) => SessionRecord | undefined;
  readonly sessions: () => readonly SessionRecord[];
  readonly saveApproval: (approval: Approval) => void;
  readonly answerApproval: (id: string, answer: ApprovalAnswer) => void;
  /** Open ones, oldest first. */
  readonly openApprovals: () => readonly Approval[];
  /** The answer already given to a call: so that a repeated message gets the same one. */
  readonly answered: (agent: string, session: string, callId: string) => AnsweredCall | undefined;
  readonly saveAnswered: (call: AnsweredCall) => void;
  /** Grants: what a person approved for the session, or for one retry. */
  readonly saveGrant: (grant: Grant) => void;
  readonly grants: (session: string) => readonly Grant[];
  readonly dropGrant: (id: string) => void;
  readonly recordRate: (key: string, at: number) => void;
  /** How often `key` was recorded since `since`. */
  readonly countRate: (key: string, since: number) => number;
  /** The pause of all sessions at once, while there is one. Asked at every call, and never from memory: every process must hear of it. */
  readonly pauseOfAll: () => Pause | undefined;
  readonly savePauseOfAll: (pause: Pause | undefined) => void;
  /** Where a person only wants to observe, those included whose time is over. Never from memory: every process must hear of it. */
  readonly observations: () => readonly Observation[];
  /** In place of the one of the same folder. */
  readonly saveObservation: (observation: Observation) => void;
  readonly dropObservation: (folder: string | undefined) => void;
  readonly budgets: BudgetStore;
}

/** What budgets and circuit breakers remember. Counted only while there are any. */
export interface BudgetStore {
  /** One call more for each of these counters. */
  readonly countCall: (counters: readonly string[], at: number) => void;
  /** Calls since a moment, to the quarter of an hour that holds it; left out: ever. */
  readonly callsCounted: (counter: string, since?: number) => number;
  readonly saveCall: (session: string, digest: string, call: RecentCall) => void;
  /** What became of a call; nothing where it is not remembered. */
  readonly endCall: (session: string, callId: string, failed: boolean, at: number) => void;
  /** Newest first: calls that were made (or, with `ended`, ended) after `after`. They are remembered for a day. */
  readonly recentCalls: (session: string, wanted: RecentCalls) => readonly RecentCall[];
  readonly note: (key: string) => BudgetNote | undefined;
  /** `at once`: it is kept before this returns. */
  readonly saveNote: (key: string, note: BudgetNote, when: 'at once' | 'in passing') => void;
}

export interface RecentCalls {
  readonly after: number;
  readonly limit: number;
  readonly digest?: string;
  readonly ended?: true;
}

/** Something to be remembered under a name. */
export interface BudgetNote {
  readonly value: number;
  readonly text: string;
  readonly at: number;
}

/** A person wants no call to run for now. */
export interface Pause {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

/** A person wants calls to be judged and recorded, and not interfered with. */
export interface Observation {
  /** A workspace's root: the calls that are made in it or below it. Left out: all calls. */
  readonly folder?: string;
  readonly at: number;
  readonly by: string;
  /** When it ends by itself; left out: when a person ends it. */
  readonly until?: number;
}

export interface SessionRecord {
  readonly agent: string;
  readonly id: string;
  readonly cwd: string;
  readonly mode: string;
  readonly interactive: boolean;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly calls: number;
  readonly denials: number;
  /** When it last wanted to do something. */
  readonly lastCallAt?: number;
  /** The agent's process, where it is known, with its start time as the system tells it (guards against a reused pid). */
  readonly pid?: number;
  readonly processStart?: string;
  readonly endedAt?: number;
  readonly killed?: { readonly at: number; readonly by: string; readonly reason: string };
  /** Calls are refused until it is resumed. */
  readonly paused?: Pause;
}

export interface AnsweredCall {
  readonly agent: string;
  readonly session: string;
  readonly callId: string;
  /** Digest of tool and arguments: the same id with other arguments is another call, and is refused. */
  readonly argumentsDigest: string;
  /** Of what it runs with, where that is not what the agent asked for. */
  readonly ranDigest?: string;
  readonly answer: { readonly kind: 'pass' | 'approve' | 'refuse'; readonly reason: string; readonly stop: boolean };
  readonly at: number;
}

export interface Grant {
  readonly id: string;
  readonly session: string;
  readonly scope: 'once' | 'session';
  /** A session grant covers this tool, whatever its arguments; a grant for once only the identical call. */
  readonly nativeTool: string;
  readonly argumentsDigest: string;
  /** `policy/rule@digest` of every rule that asked: a changed or another rule asks again. */
  readonly rules: readonly string[];
  readonly approvalId: string;
  readonly by: string;
  readonly expiresAt: number;
}

export interface Processes {
  /** The process of a session, found through what the agent itself records. */
  readonly find: (agent: string, session: string) => AgentProcess | undefined;
  /** The process that has this pid now, with its start time. */
  readonly identify: (pid: number) => AgentProcess | undefined;
  readonly isAlive: (process: AgentProcess) => boolean;
  /** Every process of an agent that runs on this machine, also where its hooks do not reach us. Those of others are named, with why they are. */
  readonly agents: () => readonly FoundAgent[];
  /**
   * Ends the process and everything it started: the clean signal, after `graceMs` the hard one. Without a process, what it left behind.
   * Of a process that other sessions share only what the session does there, and what that started.
   * Resolves with what ended and what was left.
   */
  readonly end: (process: AgentProcess | undefined, session: string, graceMs: number) => Promise<KillReport>;
}

export interface FoundAgent {
  readonly agent: string;
  /** Left out where the agent tells nobody. */
  readonly session?: string;
  readonly cwd: string;
  readonly process: AgentProcess;
  /** Why it is not ours to end: `it belongs to another user (root)`. */
  readonly notOurs?: string;
  /** Several sessions run in it: what ends one of them spares it. */
  readonly isShared?: true;
}

/** What agents write about their own sessions, whether their hooks reach us or not. */
export interface AgentRecords {
  /** Tells of everything new from now on, what was written since the last time included. The returned function ends it. */
  readonly follow: (witness: Witness) => () => void;
  /** Since when agents have our hooks, as far as we know; `undefined` where they have none: then nothing need reach us. */
  readonly hookedSince: () => number | undefined;
  /** A session's record lies there: others of the same folder may, too. */
  readonly learn: (agent: string, transcript: string) => void;
}

/** Who is told what agents wrote. */
export interface Witness {
  /** Which lines of that agent's records are worth telling: those that contain one of these. */
  readonly marks: (agent: string) => readonly string[];
  readonly line: (line: RecordLine) => void;
  /** Every session that runs now. */
  readonly running: (sessions: readonly RunningSession[]) => void;
}

export interface RecordLine {
  readonly agent: string;
  readonly text: string;
  /** When the file began: what is older was copied from another one. */
  readonly begun: number;
}

/** A session that its agent says is running. */
export interface RunningSession {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  readonly startedAt: number;
  /** It works on something, or has done so: it is not just being started. */
  readonly isActive: boolean;
}

/** What agents' own records say was spent. */
export interface SpendSource {
  /**
   * The spend of each scope, in their order, with everything counted that the session's records hold at the time of asking.
   * Rejects when that cannot be known: then no budget can be kept, and the call must not run.
   */
  readonly sums: (scopes: readonly SpendScope[], asking: SpendAsker) => Promise<readonly SpendSum[]>;
}
/** The same, told live, for people who watch. */
export interface SpendWatch {
  /** Something of that session may be new. Never waits. */
  readonly heard: (asking: SpendAsker) => void;
  /** What is known now; `undefined` where that is nothing yet. Whoever listens is told when there is more. */
  readonly session: (agent: string, session: string) => SessionSpend | undefined;
  readonly onChange: (listener: () => void) => void;
}
/** Left out: all of them. A session's subagents count toward it. */
export interface SpendScope {
  readonly agent?: string;
  readonly session?: string;
  /** An absolute folder, as `Workspace.root` has it. */
  readonly workspace?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}
export interface SpendAsker {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  /** Where the agent says that it writes the session down. */
  readonly transcript?: string;
}

export interface AgentProcess {
  readonly pid: number;
  readonly start: string;
}

export interface KillReport {
  readonly ended: readonly number[];
  readonly left: readonly { readonly pid: number; readonly why: string }[];
  /** The process that it shares with other sessions, which goes on: what the session did there has ended. */
  readonly within?: number;
}

/** Every agent that runs on this machine for this person, whether its hooks reach us or not. */
export interface Sightings {
  readonly all: () => Promise<readonly Sighting[]>;
}

/** An agent, as its process and what it writes about itself show it. */
export interface Sighting {
  readonly agent: string;
  /** Left out where the agent does not say what it calls its session. */
  readonly session?: string;
  readonly process: AgentProcess;
  /** Where one run is several processes, the others: its hooks may name any of them. */
  readonly inner?: readonly AgentProcess[];
  /** Empty where it cannot be known. */
  readonly cwd: string;
  readonly startedAt: number;
  /** asking: it waits for an answer at its own prompt. Left out where the agent does not say. */
  readonly doing?: 'busy' | 'idle' | 'asking';
  readonly mode?: string;
  readonly version?: string;
  readonly model?: string;
  readonly place?: Place;
  /** Where the hooks stand that such a session starts with; left out: nowhere that we know. */
  readonly hooks?: HookLevel;
}

/** Where an agent runs. All of it is what other programs call themselves. */
export interface Place {
  /** Terminal or editor: what it calls itself in the environment. */
  readonly program?: string;
  /** `pts/3`; left out: it has none, so nobody types there. */
  readonly tty?: string;
  /** The name of the process that started it. */
  readonly parent?: string;
  readonly through?: readonly ('tmux' | 'ssh')[];
}

/** managed: an administrator put them there, and nobody else can switch them off. */
export type HookLevel = 'managed' | 'plugin' | 'settings';
