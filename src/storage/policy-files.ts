import { type FSWatcher, existsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { onlyObserving } from '../engine/policy/observing.ts';
import type { PolicyProblem, PolicySet } from '../engine/policy/policy-set.ts';
import type { PolicySource } from '../governor/ports.ts';
import { type PolicyChange, PolicyFolder, type PolicyReader } from './policy-folder.ts';
import { packFile, packsFolder } from './shipped-policies.ts';

/** Where each layer's files lie. */
export interface PolicyPlaces {
  readonly organisation: string;
  readonly user: string;
  readonly builtIn: string;
}

export interface PolicyFilesOptions extends PolicyReader {
  readonly places: PolicyPlaces;
  /** The workspace of a working directory: its folder, symbolic links resolved. */
  readonly workspaceOf: (cwd: string) => string;
  /** Whether a person only wants to observe the calls of that workspace. Left out: never. */
  readonly isObserved?: (root: string) => boolean;
  /** How old the last look at the disk may be. */
  readonly checkMs?: number;
}

const mostScopes = 300;

interface Scope {
  readonly root: string;
  isObserved: boolean;
  readonly folders: readonly PolicyFolder[];
  /** The packs that the files of `folders` name. */
  packs: readonly PolicyFolder[];
  checkedAt: number;
  set: PolicySet;
  /** The lists of files that `set` was made of. */
  parts: readonly PolicySet['files'][];
}

/**
 * The policies in force, read from the disk and compiled when they change.
 *
 * The truth is the disk, not the watcher: at most every `checkMs` a question looks at the folders and files (one `stat`
 * each; nothing is listed, read or compiled unless that differs), so an edit is in force 250 ms later even where
 * watching does not work (network drives, containers). In between an answer costs two look-ups. The watcher only
 * brings the news earlier to those who listen, also when no call comes.
 */
export class PolicyFiles implements PolicySource {
  readonly #options: PolicyFilesOptions;
  readonly #checkMs: number;
  readonly #folders = new Map<string, PolicyFolder>();
  readonly #scopes = new Map<string, Scope>();
  readonly #listeners = new Set<(changes: readonly PolicyChange[]) => void>();
  readonly #watchers = new Map<string, FSWatcher>();
  #soon: NodeJS.Timeout | undefined;
  #revision = 0;

  constructor(options: PolicyFilesOptions) {
    this.#options = options;
    this.#checkMs = options.checkMs ?? 250;
  }

  readonly inForce = (cwd: string): PolicySet => {
    const scope = this.#scopeOf(this.#options.workspaceOf(cwd));
    const now = Date.now();
    // A clock that was set back must not keep an old answer alive.
    if (now - scope.checkedAt >= this.#checkMs || now < scope.checkedAt) this.#check(scope.folders, now, [scope]);
    return scope.set;
  };

  /** Everything that is wrong with policy files now, those included that keep an older version in force. */
  readonly problems = (): readonly PolicyProblem[] => [...this.#folders.values()].flatMap((folder) => folder.problems);

  /** Looks at once, at every folder that was ever asked about. */
  readonly refresh = (): void => this.#check([...this.#folders.values()], Date.now(), [...this.#scopes.values()]);

  /** Tells of every version that comes and goes. The returned function ends it. */
  readonly onChange = (listener: (changes: readonly PolicyChange[]) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number whenever what is in force anywhere, or what is wrong with it, is different. */
  readonly revision = (): number => this.#revision;

  close(): void {
    clearTimeout(this.#soon);
    this.#listeners.clear();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #check(folders: readonly PolicyFolder[], now: number, scopes: readonly Scope[]): void {
    const changes = folders.flatMap((folder) => [...folder.check(now)]);
    for (const scope of scopes) {
      scope.checkedAt = now;
      scope.packs = packsNamedBy(scope.folders).map((name) => this.#pack(name));
      changes.push(...scope.packs.flatMap((pack) => pack.check(now)));
      if (renew(scope, this.#options.isObserved?.(scope.root) ?? false)) this.#revision += 1;
    }
    if (changes.length === 0) return;
    this.#revision += 1;
    for (const folder of folders) this.#watch(folder.path);
    for (const listener of this.#listeners) listener(changes);
  }

  #scopeOf(root: string): Scope {
    const known = this.#scopes.get(root);
    if (known !== undefined) return known;
    if (this.#scopes.size >= mostScopes) this.#forget();
    const { organisation, user, builtIn } = this.#options.places;
    const folders = [
      this.#folder(organisation, 'organisation'),
      this.#folder(user, 'user'),
      ...this.#workspaceFolders(root),
      this.#folder(builtIn, 'built-in'),
    ];
    const scope: Scope = { root, isObserved: false, folders, packs: [], checkedAt: -Infinity, set: { files: [] }, parts: [] };
    this.#scopes.set(root, scope);
    for (const folder of folders) this.#watch(folder.path);
    return scope;
  }

  /**
   * The workspace's own folder and those of the folders above it: an agent that makes a repository inside of another
   * one does not thereby leave the rules of the outer one. Not those of a folder where everyone may write, such as /tmp:
   * anybody could stop everybody's work from there.
   */
  #workspaceFolders(root: string): readonly PolicyFolder[] {
    const state = dirname(this.#options.places.user);
    return [root, ...ancestors(dirname(root)).filter((folder) => !isEverybodys(folder))]
      .map((folder) => join(folder, '.countersign'))
      .filter((folder, i, all) => folder !== state && all.indexOf(folder) === i)
      .map((folder) => this.#folder(folder, 'workspace'));
  }

  #folder(path: string, layer: PolicyFolder['layer']): PolicyFolder {
    const known = this.#folders.get(path) ?? new PolicyFolder(path, layer, this.#options);
    this.#folders.set(path, known);
    return known;
  }

  #pack(name: string): PolicyFolder {
    const folder = packsFolder(this.#options.places.builtIn);
    const file = packFile(name);
    const key = join(folder, file);
    const known = this.#folders.get(key) ?? new PolicyFolder(folder, 'built-in', this.#options, file);
    this.#folders.set(key, known);
    return known;
  }

  #watch(path: string): void {
    if (this.#watchers.has(path) || !existsSync(path)) return;
    try {
      const watcher = watch(path, { persistent: false }, () => this.#lookSoon());
      watcher.on('error', () => this.#unwatch(path));
      this.#watchers.set(path, watcher);
    } catch {
      // Watching is a convenience; the looks at the disk do not depend on it.
    }
  }

  /** So many workspaces are not coming back. The next question reads anew what it needs. */
  #forget(): void {
    for (const path of this.#watchers.keys()) this.#unwatch(path);
    this.#folders.clear();
    this.#scopes.clear();
  }

  #unwatch(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }

  /** Once it has become quiet: then a file that was being written is complete. */
  #lookSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(this.refresh, 150).unref();
  }
}

/** Whether anything about it is different. */
function renew(scope: Scope, isObserved: boolean): boolean {
  const parts = [...scope.folders, ...scope.packs].map((folder) => folder.files);
  const isSame = parts.length === scope.parts.length && parts.every((part, i) => part === scope.parts[i]);
  if (isSame && scope.isObserved === isObserved) return false;
  scope.parts = parts;
  scope.isObserved = isObserved;
  scope.set = { files: isObserved ? onlyObserving(parts.flat(), organisationsPacks(scope)) : parts.flat() };
  return true;
}

/** What the organisation names is as much its word as what it writes. */
function organisationsPacks({ folders, packs }: Scope): PolicySet['files'] {
  const named = new Set(packsNamedBy(folders.filter(({ layer }) => layer === 'organisation')).map(packFile));
  return packs.filter(({ only }) => only !== undefined && named.has(only)).flatMap((pack) => pack.files);
}

/** A name counts once, whoever says it. What we ship ourselves names none. */
function packsNamedBy(folders: readonly PolicyFolder[]): readonly string[] {
  const documents = folders.flatMap((folder) => folder.files.flatMap((file) => file.documents));
  return [...new Set(documents.flatMap((document) => document.packs))];
}

function ancestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function isEverybodys(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return process.platform !== 'win32' && stat !== undefined && (stat.mode & 0o002) !== 0;
}
