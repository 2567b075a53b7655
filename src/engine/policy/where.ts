import type { FileEffect } from '../effects/effect.ts';
import type { Request } from '../request.ts';
import type { CommandAnalysis, Invocation, UnknownWord, Word } from '../shell/analysis.ts';
import { normalizePath, type PathCandidate, type PathVariables } from './path-pattern.ts';

/** A path that a word names, from one of the folders that its command may run in. */
export interface Named {
  /** As it is written, absolute and normalized; `*` for names that are patterns. Where only its beginning is known, that. */
  readonly path: string;
  /** Whether all of it is known before it runs, but for patterns over names. */
  readonly known: boolean;
}

const mostFolders = 128;

/** Finds the paths that words mean: working directories, `~`, symbols and links are followed. */
export class Where {
  readonly #request: Request;
  readonly #variables: PathVariables;
  readonly #analysis: CommandAnalysis;
  readonly #folders = new Map<Invocation, readonly (string | undefined)[]>();
  #said: readonly Word[] | undefined;
  #outside: readonly (string | undefined)[] | undefined;

  constructor(request: Request, variables: PathVariables, analysis: CommandAnalysis) {
    this.#request = request;
    this.#variables = variables;
    this.#analysis = analysis;
  }

  /** What a word may be, for patterns. A wholly unknown word leads nowhere known. */
  candidates(effect: FileEffect): readonly PathCandidate[] {
    const { target } = effect;
    const text = typeof target === 'string' ? target : (target.parts[0] ?? '');
    if (text === '' && typeof target !== 'string' && !target.names) return [];
    const bases = this.#bases(effect);
    const [first] = bases;
    const paths =
      bases.length === 1
        ? [this.#absolute(text, first ?? this.#request.call.cwd)]
        : [...new Set(bases.map((base) => this.#absolute(text, base ?? this.#request.call.cwd)))];
    if (typeof target === 'string') return paths.flatMap((path) => this.alsoBehindLinks(path)).map((path) => ({ path }));
    const rest = namesOf(target);
    return paths.flatMap((path) => this.alsoBehindLinks(path.slice(0, path.lastIndexOf('/') + 1))).map((path) => ({ path, ...rest }));
  }

  /** What a word names, once for each folder that its command may run in. */
  named(effect: FileEffect): readonly Named[] {
    const text = readable(effect.target);
    if (text === '') return [{ path: '', known: false }];
    const known = typeof effect.target === 'string' || effect.target.names;
    return this.#bases(effect).map((base) => {
      if (base === undefined && !isAnchored(text)) return { path: '', known: false };
      return { path: normalizePath(this.#absolute(text, base ?? '/')), known };
    });
  }

  /** As it is written, and where it leads: a rule may name either. */
  alsoBehindLinks(path: string): readonly string[] {
    const written = normalizePath(path);
    if (this.#request.resolve === undefined) return [written];
    const reached = normalizePath(this.#request.resolve(path || '/'));
    return written === reached ? [written] : [written, reached];
  }

  /** A text as an absolute path, from the working directory of the call. */
  absolute(text: string): string {
    return normalizePath(this.#absolute(text, this.#request.call.cwd));
  }

  /** Folders that the command may run in; `undefined` is one that is not known. */
  #bases({ invocation, from }: FileEffect): readonly (string | undefined)[] {
    const bases =
      invocation === undefined || invocation.directories.length === 0 ? this.#common(invocation === undefined) : this.#own(invocation);
    return from === undefined ? bases : bases.map((base) => this.#folder(from, base));
  }

  #own(invocation: Invocation): readonly (string | undefined)[] {
    const known = this.#folders.get(invocation) ?? this.#distinct(invocation.directories);
    this.#folders.set(invocation, known);
    return known;
  }

  /** Where no command says in which folder it runs, the folders that the text changes to count for each of its words. */
  #common(wordOutside: boolean): readonly (string | undefined)[] {
    this.#said ??= this.#analysis.invocations.flatMap(({ directories }) => directories);
    this.#outside ??= this.#distinct(['.', ...(this.#said.length > 0 ? this.#said : this.#analysis.directories)]);
    return wordOutside || this.#said.length === 0 ? this.#outside : [this.#request.call.cwd];
  }

  /** Throws past a bound: nobody knows what such a command touches. */
  #distinct(folders: readonly Word[]): readonly (string | undefined)[] {
    const distinct = [...new Set(folders.map((folder) => this.#folder(folder, this.#request.call.cwd)))];
    if (distinct.length > mostFolders) throw new Error(`the command changes to more than ${mostFolders} folders`);
    return distinct;
  }

  #folder(word: Word, base: string | undefined): string | undefined {
    // Of a folder that was just made only the name is not known.
    if (typeof word !== 'string' && (!word.names || word.many)) return undefined;
    const folder = readable(word);
    if (folder === '.') return base;
    return base === undefined && !isAnchored(folder) ? undefined : this.#absolute(folder, base ?? '/');
  }

  #absolute(text: string, base: string): string {
    if (/^[\w.]/.test(text) && text[1] !== ':') return `${base}/${text}`;
    if (text === '~' || text.startsWith('~/')) return `${this.#variables.home}${text.slice(1)}`;
    if (text.startsWith('~+/') || text === '~+') return `${base}${text.slice(2)}`;
    // The home of another user lies beside one's own.
    if (/^~[a-z_][\w-]*(\/|$)/i.test(text)) return `${this.#variables.home}/../${text.slice(1)}`;
    if (text.startsWith('$COUNTERSIGN_HOME')) return `${this.#variables.countersignHome}${text.slice('$COUNTERSIGN_HOME'.length)}`;
    return isAnchored(text) ? text : `${base}/${text}`;
  }
}

function isAnchored(text: string): boolean {
  return /^([/\\~]|[A-Za-z]:([\\/]|$)|\$COUNTERSIGN_HOME)/.test(text);
}

/** A word with `*` for names that are patterns; of one that holds anything else unknown, what stands before that. */
function readable(word: Word): string {
  if (typeof word === 'string') return word;
  // What stands for just one word, as the name of a temporary file, is not all that is in a folder.
  if (word.names) return word.parts.map((part) => part ?? (word.many ? '*' : '?')).join('');
  return word.parts[0] ?? '';
}

/** What follows the known directory of a word. A variable may hold slashes: after it, anything can follow. */
function namesOf({ parts, names: onlyNames, text }: UnknownWord): Pick<PathCandidate, 'names' | 'open'> {
  const names: (string | undefined)[][] = [[]];
  const deep = !onlyNames || text.includes('**');
  const [first = '', ...others] = parts[0] === undefined ? ['', ...parts] : parts;
  for (const part of [first.slice(first.lastIndexOf('/') + 1), ...others]) {
    if (part === undefined && deep) return { names: [...names.slice(0, -1), [...(names.at(-1) ?? []), undefined]], open: true };
    const [head, ...tail] = part === undefined ? [undefined] : part.split('/');
    if (head !== '') names.at(-1)?.push(head);
    for (const name of tail) names.push(name === '' ? [] : [name]);
  }
  return { names: names.filter((name) => name.length > 0) };
}
