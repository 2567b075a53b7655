import type { Span, UnknownPart, Word } from '../analysis.ts';

/** A PowerShell text as far as it is understood: everything in it that could run, in the order of the text; blocks are opened up. */
export interface Script {
  readonly pipelines: Pipeline[];
  /** What stays unknown and is no word of a command. */
  readonly calls: UnknownCall[];
  /** What words of commands are not known, and why. */
  readonly unknown: UnknownPart[];
  /** Names of functions that the text defines, lower case. */
  readonly redefined: Set<string>;
  /** Names of variables that the text sets, lower case, with their scope (`env:path`). */
  readonly assigned: Set<string>;
}

export type Pipeline = readonly Element[];
export type Element = Command | Value;

export interface Command {
  readonly kind: 'command';
  /** `undefined` for `& { … }`: the block's own commands are pipelines of their own. */
  readonly name: Word | undefined;
  /** `.` runs a file in this very scope. */
  readonly operator: '' | '&' | '.';
  readonly args: readonly Argument[];
  readonly redirects: readonly Redirect[];
  readonly text: string;
  readonly span: Span;
}

/** An expression. `words`: its value, where the text says it. */
export interface Value {
  readonly kind: 'value';
  readonly words: readonly Word[] | undefined;
  readonly redirects: readonly Redirect[];
  readonly text: string;
  readonly span: Span;
}

/** `parameter`: as written, with its dash. `words`: the elements of a list, or the value behind `-Name:`. */
export interface Argument {
  readonly parameter?: string;
  readonly words: readonly Word[];
  readonly text: string;
}

export interface Redirect {
  readonly target: Word;
}

/** Something other than a command that runs code: a method of an unknown object, a type outside of the harmless ones. */
export interface UnknownCall {
  readonly reason: string;
  readonly text: string;
  readonly span: Span;
}

/** The ways down into what is nested. Each is called at its opening sign, and leaves behind its closing one. */
export interface Nested {
  /** `( … )`, `$( … )` and `@( … )`: statements, read from the parenthesis on. */
  readonly group: () => void;
  /** The rest of a `( … )` whose beginning was read. */
  readonly rest: () => void;
  /** `{ … }`: statements that may run. */
  readonly block: () => void;
  /** `@{ … }`, read from the brace on. */
  readonly table: () => void;
  /** `[ … ]` behind a value. */
  readonly index: () => void;
  /** What may follow a value without a blank: `.Name`, `::Name(…)`, `[0]`. */
  readonly members: (type?: string) => void;
}

export function anything(text: string, many = true): Word {
  return { parts: [undefined], many, names: false, text };
}

export function textOf(word: Word): string {
  return typeof word === 'string' ? word : word.text;
}
