import { fileEffects } from '../effects/file-effects.ts';
import type { FileEffect } from '../effects/effect.ts';
import { textOf } from '../effects/word.ts';
import type { GitState, Request } from '../request.ts';
import type { CommandAnalysis } from '../shell/analysis.ts';
import { inContainer } from './container-files.ts';
import { normalizePath, type PathCandidate, type PathVariables } from './path-pattern.ts';
import { placeOf, type Place } from './place.ts';
import { toolKind } from './tool-kind.ts';
import { Where, type Named } from './where.ts';

/** One file or folder that the call would write or delete. */
export interface TouchedFile {
  /** Absolute, as written; `*` for patterns over names. Where only its beginning is known, that; empty where nothing is. */
  readonly path: string;
  readonly known: boolean;
  readonly recursive: boolean;
  readonly text: string;
  readonly place: Place;
  readonly git: GitState;
}

/** Each look at a repository costs a process or a file: a call gets so many. */
const mostLooks = 16;

/** What the call does to files. Each part is worked out when it is first needed. */
export class Touched {
  readonly #request: Request;
  readonly #variables: PathVariables;
  readonly #analysis: CommandAnalysis;
  readonly #where: Where;
  #effects: readonly FileEffect[] | undefined;
  #read: readonly PathCandidate[] | undefined;
  #write: readonly PathCandidate[] | undefined;
  #deletes: readonly TouchedFile[] | undefined;
  #writes: readonly TouchedFile[] | undefined;
  #looks = 0;

  constructor(request: Request, variables: PathVariables, analysis: CommandAnalysis) {
    this.#request = request;
    this.#variables = variables;
    this.#analysis = analysis;
    this.#where = new Where(request, variables, analysis);
  }

  /** Everything that may be read, for patterns. */
  get read(): readonly PathCandidate[] {
    this.#read ??= once([...this.#request.paths.read.map(knownPath), ...this.#candidates('read')]);
    return this.#read;
  }

  /** Everything that may be written or deleted, for patterns. */
  get write(): readonly PathCandidate[] {
    this.#write ??= once([...this.#request.paths.write.map(knownPath), ...this.#candidates('write')]);
    return this.#write;
  }

  /** Paths that are surely read. */
  get surelyRead(): readonly string[] {
    return this.#sure(this.#request.paths.read, ({ mode }) => mode === 'read');
  }

  /** Paths that are surely written or deleted. */
  get surelyWritten(): readonly string[] {
    return this.#sure(this.#request.paths.write, ({ mode }) => mode === 'write' || mode === 'delete');
  }

  get deletes(): readonly TouchedFile[] {
    this.#deletes ??= [...this.#byTool('deletes'), ...this.#touched(({ mode }) => mode === 'delete')];
    return this.#deletes;
  }

  get writes(): readonly TouchedFile[] {
    this.#writes ??= [...this.#byTool('writes'), ...this.#touched(({ mode }) => mode === 'write')];
    return this.#writes;
  }

  placeOf(path: string): Place {
    return placeOf(path, this.#variables, this.#request.workspace.foldsCase);
  }

  /** Where a path lies, links followed: of what is deleted, those of its folder only, for a link goes alone. */
  placeReached(path: string, follow: boolean): Place {
    const written = this.placeOf(path);
    const { resolve } = this.#request;
    if (resolve === undefined || path === '') return written;
    const cut = follow && !/[*?]/.test(path) ? path.length : path.lastIndexOf('/', fixedEnd(path));
    const folder = path.slice(0, cut) || '/';
    const reached = normalizePath(resolve(folder));
    // A path with a drive has no links that a system without drives could follow.
    if (reached === folder || (drive.test(folder) && !drive.test(reached))) return written;
    const workspace = normalizePath(resolve(this.#variables.workspace));
    const home = normalizePath(resolve(this.#variables.home));
    return placeOf(`${reached === '/' ? '' : reached}${path.slice(cut)}`, { workspace, home }, this.#request.workspace.foldsCase);
  }

  /** Where a path that an effect names lies, in a container or not. */
  placeFor(path: string, { invocation, mode, target }: FileEffect): Place {
    const follow = mode !== 'delete' || textOf(target).endsWith('/');
    const contained = inContainer(path, invocation, this.#analysis);
    if (contained === undefined) return this.placeReached(path, follow);
    if (contained.kind === 'ours') return this.placeReached(this.#where.absolute(contained.path), follow);
    return contained.kind === 'theirs' ? 'elsewhere' : 'unknown';
  }

  gitState(path: string, place: Place): GitState {
    const { gitState } = this.#request;
    if (gitState === undefined || path === '' || !inRepository.has(place)) return 'unknown';
    if (this.#looks >= mostLooks) return 'unknown';
    this.#looks += 1;
    try {
      return gitState(fixedPart(path));
    } catch {
      return 'unknown';
    }
  }

  #all(): readonly FileEffect[] {
    this.#effects ??= fileEffects(this.#analysis);
    return this.#effects;
  }

  #candidates(mode: 'read' | 'write'): readonly PathCandidate[] {
    const counts = (effect: FileEffect): boolean =>
      effect.mode === mode || effect.mode === 'either' || (mode === 'write' && effect.mode === 'delete');
    return this.#all()
      .filter(counts)
      .flatMap((effect) => this.#where.candidates(effect));
  }

  #sure(own: readonly string[], wanted: (effect: FileEffect) => boolean): readonly string[] {
    const named = this.#all().filter((effect) => effect.guessed !== true && typeof effect.target === 'string' && wanted(effect));
    const paths = named.flatMap((effect) => this.#where.named(effect)).filter(({ known }) => known);
    return [...new Set([...own, ...paths.flatMap(({ path }) => this.#where.alsoBehindLinks(path))])];
  }

  #touched(wanted: (effect: FileEffect) => boolean): readonly TouchedFile[] {
    return this.#all()
      .filter((effect) => effect.guessed !== true && wanted(effect))
      .flatMap((effect) => this.#where.named(effect).map((named) => new Touching(this, effect, named)))
      .filter((file) => file.counts);
  }

  #byTool(kind: 'deletes' | 'writes'): readonly TouchedFile[] {
    const { call, paths } = this.#request;
    if (paths.write.length === 0 || toolKind(call) !== kind) return [];
    return paths.write.map(
      (path) => new Touching(this, { mode: 'write', target: path, recursive: kind === 'deletes' }, { path, known: true }),
    );
  }
}

const drive = /^[A-Za-z]:/;
const inRepository: ReadonlySet<Place> = new Set(['workspace', 'inside', 'generated', 'repository']);
/** What is moved away from these is missed there. */
const guarded: ReadonlySet<Place> = new Set(['system', 'disk', 'home', 'above', 'workspace', 'repository']);
class Touching implements TouchedFile {
  readonly path: string;
  readonly known: boolean;
  readonly recursive: boolean;
  readonly text: string;
  readonly #touched: Touched;
  readonly #effect: FileEffect;
  #place: Place | undefined;
  #git: GitState | undefined;

  constructor(touched: Touched, effect: FileEffect, { path, known }: Named) {
    this.#touched = touched;
    this.#effect = effect;
    this.path = path;
    this.known = known;
    this.recursive = effect.recursive === true;
    this.text = textOf(effect.target);
  }

  /** What is only moved counts where it is missed. */
  get counts(): boolean {
    return this.#effect.moved !== true || (this.known && guarded.has(this.place));
  }

  get place(): Place {
    this.#place ??= this.path === '' ? 'unknown' : this.#reached();
    return this.#place;
  }

  get git(): GitState {
    this.#git ??= this.#touched.gitState(this.path, this.place);
    return this.#git;
  }

  #reached(): Place {
    try {
      return this.#touched.placeFor(this.path, this.#effect);
    } catch {
      // Links that nobody can follow lead nowhere known.
      return 'unknown';
    }
  }
}

/** The path itself, or the folder that holds all that its patterns stand for. */
function fixedPart(path: string): string {
  return /[*?]/.test(path) ? path.slice(0, path.lastIndexOf('/', fixedEnd(path))) || '/' : path;
}

/** Where the part of a path ends that holds no pattern. */
function fixedEnd(path: string): number {
  const at = path.search(/[*?]/);
  return at < 0 ? path.length : at;
}

/** A path that is wholly known is held against the patterns once, however often the command names it. */
function once(candidates: readonly PathCandidate[]): readonly PathCandidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ path, names, open }) => names !== undefined || open === true || (!seen.has(path) && seen.add(path)));
}

function knownPath(path: string): PathCandidate {
  return { path: normalizePath(path) };
}
