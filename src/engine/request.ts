import type { ToolCall } from './tool-call.ts';

/**
 * Everything a decision may depend on, gathered by the governor before the engine is asked.
 * The engine adds what it can derive itself (the parsed command).
 */
export interface Request {
  readonly call: ToolCall;
  /** Absolute, with symlinks resolved as far as the path exists. */
  readonly paths: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly domains: readonly string[];
  /**
   * Where a path that a command names really leads (symbolic links followed). Pure look-up, as `RateUsage` is; throws where that
   * cannot be known. Left out: links are not followed.
   */
  readonly resolve?: (path: string) => string;
  /** The text of a script that a command runs by its absolute path. Pure look-up; `undefined` where there is none, it is long or not text. */
  readonly readText?: (path: string) => string | undefined;
  /** What git knows of an absolute path. Pure look-up. Left out: nothing is known. */
  readonly gitState?: (path: string) => GitState;
  readonly session: {
    readonly startedAt: Date;
    /** Tool calls decided in this session so far. */
    readonly calls: number;
    readonly tokens: number;
    readonly costUsd: number;
    readonly interactive: boolean;
  };
  readonly workspace: Workspace;
  readonly user: { readonly name: string; readonly email: string; readonly roles: readonly string[]; readonly home: string };
  readonly time: Date;
  /** Absolute path of the state directory; left out: `.countersign` in the user's home. */
  readonly countersignHome?: string;
  readonly governor?: GovernorTraces;
}

/** Where the governor that decides can be met on this machine, so that a call that goes for it is recognised. */
export interface GovernorTraces {
  readonly pid?: number;
  /** Of the hook endpoint. */
  readonly port?: number;
  /** Absolute paths of the folders and files that it runs from, its runtime too. */
  readonly programs: readonly string[];
}

/** The folder that governs a call: the nearest ancestor of its `cwd` with `.countersign` or `.git`, else the `cwd`. */
export interface Workspace {
  readonly root: string;
  readonly branch: string;
  readonly remote: string;
  readonly trusted: boolean;
  /** Its disk, or that of the home, does not tell `a` from `A` in names. */
  readonly foldsCase?: true;
}

/** How often a rate-limited rule has matched lately. Pure look-up; the governor keeps the counts. */
export interface RateUsage {
  readonly count: (key: string, windowMs: number) => number;
}

/**
 * `clean`: all of it is committed, so it can be brought back. `changed`: it holds changes that are in no commit. `untracked`: it holds
 * files that git does not keep. `ignored`: git ignores all of it. `outside`: no repository holds it. `missing`: there is no such path.
 */
export type GitState = 'clean' | 'changed' | 'untracked' | 'ignored' | 'outside' | 'missing' | 'unknown';
