import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { GovernorTraces, Workspace } from '../engine/request.ts';
import type { Surroundings } from '../governor/ports.ts';
import { type DiskNames, diskNames } from './disk-names.ts';
import { gitState } from './git-state.ts';
import { gitFacts, gitSetting, textAt } from './git.ts';
import { lookOnce, resolvePath } from './resolve-path.ts';
import { scriptText } from './script-text.ts';

export interface SurroundingsOptions {
  /** `$COUNTERSIGN_HOME`, where it is known. */
  readonly countersignHome?: string;
  /** What this process runs from, where it decides. Left out: nobody decides here. */
  readonly programs?: readonly string[];
  /** Whether a person trusts this workspace. Left out: nobody does. */
  readonly trusted?: (root: string) => boolean;
  /** The roles that an organisation's or user's Team documents give this person. */
  readonly roles?: () => readonly string[];
  /** What the disk makes of names. Left out: it is tried. */
  readonly disk?: DiskNames;
  /** How long an answer about a folder may be repeated. */
  readonly cacheMs?: number;
  readonly now?: () => number;
}

interface Remembered<T> {
  readonly value: T;
  readonly until: number;
}

/** What this machine knows about a call. */
export class MachineSurroundings implements Surroundings {
  readonly countersignHome?: string;
  readonly governor?: () => GovernorTraces;
  readonly #options: SurroundingsOptions;
  readonly #cacheMs: number;
  readonly #now: () => number;
  readonly #workspaces = new Map<string, Remembered<Workspace>>();
  readonly #disk: DiskNames;
  readonly #folds = new Map<string, boolean>();
  #port: number | undefined;
  #user: Remembered<ReturnType<Surroundings['user']>> | undefined;

  constructor(options: SurroundingsOptions = {}) {
    this.#options = options;
    if (options.countersignHome !== undefined) this.countersignHome = resolvePath(options.countersignHome, '/', homedir());
    const { programs } = options;
    if (programs !== undefined)
      this.governor = () => ({ pid: process.pid, programs, ...(this.#port === undefined ? {} : { port: this.#port }) });
    this.#disk = options.disk ?? diskNames;
    this.#cacheMs = options.cacheMs ?? 1000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The port that hooks are answered on, once there is one. */
  readonly governsOn = (port: number): void => {
    this.#port = port;
  };

  readonly workspace = (cwd: string): Workspace => {
    const known = this.#workspaces.get(cwd);
    if (known !== undefined && known.until > this.#now()) return known.value;
    // A session visits few folders; a thousand of them means that they are not coming back.
    if (this.#workspaces.size > 1000) this.#workspaces.clear();
    const value = this.#lookAround(cwd);
    this.#workspaces.set(cwd, { value, until: this.#now() + this.#cacheMs });
    return value;
  };

  /** Never cached: a link may change between two calls, and the second call may be the reason. */
  readonly resolve = (path: string, cwd: string): string => resolvePath(path, cwd, homedir());

  readonly resolver: NonNullable<Surroundings['resolver']> = (cwd, met) => {
    const look = lookOnce(met);
    const home = homedir();
    return (path) => resolvePath(path, cwd, home, look);
  };

  readonly readText = scriptText;
  readonly gitState = gitState;

  readonly user = () => {
    if (this.#user !== undefined && this.#user.until > this.#now()) return this.#user.value;
    const value = { name: userName(), email: emailOf(homedir()), roles: this.#options.roles?.() ?? [], home: homedir() };
    this.#user = { value, until: this.#now() + this.#cacheMs };
    return value;
  };

  #lookAround(cwd: string): Workspace {
    const found = workspaceRoot(cwd);
    const folds = this.#foldsCase(found);
    // One workspace has one name, whichever letters somebody opened it with.
    const root = folds ? this.#disk.trueName(found) : found;
    const trusted = this.#options.trusted?.(root) ?? false;
    return { root, ...gitFacts(root), trusted, ...(folds || this.#foldsCase(homedir()) ? { foldsCase: true } : {}) };
  }

  /** Asked of the disk once: it stays as it is while we run. */
  #foldsCase(folder: string): boolean {
    const known = this.#folds.get(folder) ?? this.#disk.foldsCase(folder);
    if (this.#folds.size > 1000) this.#folds.clear();
    if (known !== undefined) this.#folds.set(folder, known);
    return known ?? false;
  }
}

/**
 * The nearest folder at or above `cwd` that has a `.countersign` or a `.git`, else `cwd` itself; symbolic links
 * resolved, so that one workspace has one name. The home directory's own `.countersign` is our state and marks nothing.
 */
export function workspaceRoot(cwd: string): string {
  const home = homedir();
  const start = resolvePath(cwd, '/', home);
  for (let folder = start; ; folder = dirname(folder)) {
    if (exists(join(folder, '.git'))) return folder;
    if (folder !== home && exists(join(folder, '.countersign'))) return folder;
    if (folder === dirname(folder)) return resolve(start);
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder that may not be searched: whatever is in it governs nothing that could run here.
    return false;
  }
}

/** The login name; where the system has no entry for this user (some containers), its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

function emailOf(home: string): string {
  const places = [join(home, '.gitconfig'), join(process.env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'git', 'config')];
  return places.map((path) => gitSetting(textAt(path), 'user', 'email')).find((email) => email !== undefined) ?? '';
}
