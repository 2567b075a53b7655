import type { AuditEntry, AuditRecord, EntryKind } from '../engine/audit/entry.ts';
import type { PolicyFile, PolicySet } from '../engine/policy/policy-set.ts';
import type { GitState, GovernorTraces, Workspace } from '../engine/request.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { PromptFile } from '../agents/agent.ts';
import type { ReviewSource } from './review/model.ts';
import type { StateStore } from './ports/state.ts';
import type { Processes, Sightings } from './ports/machine.ts';
import type { SpendSource } from './ports/spend.ts';
import type { PinStore, StartStore } from './ports/mcp.ts';

export type * from './ports/state.ts';
export type * from './ports/machine.ts';
export type * from './ports/records.ts';
export type * from './ports/spend.ts';
export type * from './ports/mcp.ts';

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
  /** What is known of MCP servers that are about to start; left out: nothing is. */
  readonly starts?: StartStore;
  /** What MCP servers showed of themselves; left out: nothing is kept. */
  readonly pins?: PinStore;
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
