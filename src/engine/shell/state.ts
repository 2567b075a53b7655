import type { CompoundCommand, CompoundList, Redirected } from 'unbash';
import type { Span, Word } from './analysis.ts';
import { anything, textOf } from './word-parts.ts';

type CompoundBody = CompoundCommand | Redirected | CompoundList;

/** A variable: a text, the elements of an array, or `null` when it is known to be unset. */
export type Value = Word | readonly Word[] | null;

export interface ShellFunction {
  readonly body: CompoundBody;
  readonly span: Span | undefined;
  readonly fromFile: boolean;
}

/** What a shell knows while it runs, and what of it is certain. One per (sub)shell; copies share until one of them changes. */
export class State {
  #vars: Map<string, Value>;
  #functions: Map<string, readonly ShellFunction[]>;
  #aliases: Map<string, Word>;
  /** Texts of files that were written so far, by the word that names them. */
  #files: Map<string, Word>;
  #shared = false;
  #exported: ReadonlySet<string>;
  positional: readonly Word[] | undefined = [];
  /** `$0`, where the text that runs was given it. */
  zero: Word | undefined;
  /** Where commands may run now, relative to the call's own directory. */
  directories: readonly Word[] = ['.'];
  /** Where they run instead when the last command failed. */
  otherwise: readonly Word[] | undefined;
  status: 'done' | 'failed' | undefined;
  /** Whether nothing after this point runs in this shell. */
  ended = false;
  /** Inside of a function: what its own variables hide. */
  locals: Map<string, Value | undefined> | undefined;
  /** Whether any variable may have any value: after a script that could not be read. */
  clouded = false;

  constructor(from?: State) {
    this.#vars = from === undefined ? new Map() : from.#vars;
    this.#functions = from === undefined ? new Map() : from.#functions;
    this.#aliases = from === undefined ? new Map() : from.#aliases;
    this.#files = from === undefined ? new Map() : from.#files;
    this.#exported = from === undefined ? new Set() : from.#exported;
    if (from === undefined) return;
    from.#shared = true;
    this.#shared = true;
    this.positional = from.positional;
    this.zero = from.zero;
    this.directories = from.directories;
    this.otherwise = from.otherwise;
    this.status = from.status;
    this.ended = from.ended;
    this.clouded = from.clouded;
    this.locals = from.locals;
  }

  copy(): State {
    return new State(this);
  }

  /** The shell of a program that this one starts: it has the variables that were exported. */
  child(): State {
    const child = this.copy();
    child.#own();
    for (const name of child.#vars.keys()) if (!this.#exported.has(name) && name !== 'IFS') child.#vars.set(name, anything(`$${name}`));
    child.#vars.delete('IFS');
    child.positional = [];
    child.zero = undefined;
    child.otherwise = undefined;
    child.ended = false;
    return child;
  }

  get(name: string): Value | undefined {
    const value = this.#vars.get(name);
    return value === undefined && this.clouded ? anything(`$${name}`) : value;
  }

  set(name: string, value: Value): void {
    // So many variables are no script that somebody wrote; copying them again and again would take too long.
    if (this.#vars.size > maxVariables) this.cloud();
    this.#own();
    this.#vars.set(name, value);
  }

  export(name: string): void {
    if (!this.#exported.has(name)) this.#exported = new Set([...this.#exported, name]);
  }

  isExported(name: string): boolean {
    return this.#exported.has(name);
  }

  /** How much there is to copy. */
  get size(): number {
    return this.#vars.size + this.#functions.size + this.#files.size;
  }

  /** Puts back what a variable was before it was set for one command or function. */
  restore(name: string, value: Value | undefined, exported = true): void {
    this.#own();
    if (!exported) this.#exported = new Set([...this.#exported].filter((one) => one !== name));
    if (value === undefined) this.#vars.delete(name);
    else this.#vars.set(name, value);
  }

  forget(name: string): void {
    this.set(name, anything(`$${name}`));
  }

  /** Nothing that a variable holds is certain any more. */
  cloud(): void {
    this.#own();
    this.clouded = true;
    this.#vars = new Map();
    this.positional = undefined;
  }

  /** Remembers what a function's own variable hides. */
  restoreLater(name: string): void {
    if (this.locals !== undefined && !this.locals.has(name)) this.locals.set(name, this.#vars.get(name));
  }

  functions(name: string): readonly ShellFunction[] {
    return this.#functions.get(name) ?? [];
  }

  define(name: string, found: ShellFunction): void {
    this.#own();
    this.#functions.set(name, [found]);
  }

  alias(name: string): Word | undefined {
    return this.#aliases.get(name);
  }

  setAlias(name: string, value: Word): void {
    this.#own();
    this.#aliases.set(name, value);
  }

  file(path: string): Word | undefined {
    return this.#files.get(path);
  }

  setFile(path: string, text: Word): void {
    this.#own();
    this.#files.set(path, text);
  }

  /** What follows runs whether the last command failed or not. */
  settleDirectories(): void {
    if (this.otherwise !== undefined) this.directories = together(this.directories, this.otherwise);
    this.otherwise = undefined;
  }

  /** Either this or the other happened: only what both agree on stays known. */
  join(other: State): void {
    if (other.ended) return;
    if (this.ended) return this.#become(other);
    if (this.#vars !== other.#vars) this.#joinVariables(other);
    if (this.#functions !== other.#functions) this.#joinFunctions(other);
    if (this.#files !== other.#files) this.#joinFiles(other);
    if (this.#aliases !== other.#aliases)
      for (const [name, value] of other.#aliases) if (!this.#aliases.has(name)) this.setAlias(name, value);
    if (this.positional !== other.positional) this.positional = undefined;
    this.settleDirectories();
    this.directories = together(together(this.directories, other.directories), other.otherwise ?? []);
    if (this.status !== other.status) this.status = undefined;
    this.clouded ||= other.clouded;
    if (this.#exported !== other.#exported) this.#exported = new Set([...this.#exported, ...other.#exported]);
  }

  #joinVariables(other: State): void {
    this.#own();
    for (const [name, value] of other.#vars) if (!same(this.#vars.get(name), value)) this.#vars.set(name, anything(`$${name}`));
    for (const name of this.#vars.keys()) if (!other.#vars.has(name)) this.#vars.set(name, anything(`$${name}`));
  }

  #joinFunctions(other: State): void {
    this.#own();
    for (const [name, found] of other.#functions)
      this.#functions.set(name, [...new Set([...(this.#functions.get(name) ?? []), ...found])].slice(0, 4));
  }

  #joinFiles(other: State): void {
    this.#own();
    for (const [name, text] of other.#files) if (this.#files.get(name) !== text) this.#files.set(name, anything(`the text of ${name}`));
  }

  #become(other: State): void {
    this.#vars = other.#vars;
    this.#functions = other.#functions;
    this.#aliases = other.#aliases;
    this.#files = other.#files;
    this.#shared = true;
    other.#shared = true;
    this.positional = other.positional;
    this.directories = other.directories;
    this.otherwise = other.otherwise;
    this.status = other.status;
    this.ended = other.ended;
    this.clouded = other.clouded;
    if (this.#exported !== other.#exported) this.#exported = new Set([...this.#exported, ...other.#exported]);
  }

  #own(): void {
    if (!this.#shared) return;
    this.#vars = new Map(this.#vars);
    this.#functions = new Map(this.#functions);
    this.#aliases = new Map(this.#aliases);
    this.#files = new Map(this.#files);
    this.#shared = false;
  }
}

const maxVariables = 150;
const maxDirectories = 6;

/** The directories of both; too many are one that is not known. */
export function together(a: readonly Word[], b: readonly Word[]): readonly Word[] {
  if (a === b) return a;
  const all: Word[] = [...a];
  for (const word of b) if (all.length <= maxDirectories && !all.some((one) => textOf(one) === textOf(word))) all.push(word);
  return all.length > maxDirectories ? ['.', anything('a directory')] : all;
}

function same(a: Value | undefined, b: Value): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((word, index) => word === b[index]);
}
