import type { SyntaxNode } from 'unbash';
import type { CommandAnalysis, FileUse, Invocation, ShellSurroundings, Span, Word } from './analysis.ts';
import type { State, Value } from './state.ts';

/** Around a command: what runs it, and as what. */
export interface Context {
  readonly wrappers: readonly string[];
  readonly depth: number;
  readonly privileged: boolean;
  /** Whether the environment was changed so that a program may be another than its name says. */
  readonly disguised: boolean;
  readonly fromFile: boolean;
  /** The part of the call's text that leads here; left out at the top, where each command has its own. */
  readonly span?: Span;
  /** What stands on standard input, where it is known. */
  readonly input?: Word;
  /** Whether standard input is something else than the call's own. */
  readonly piped: boolean;
  /** Whether it runs on another machine or in a container. */
  readonly elsewhere: boolean;
  /** Names of the functions that are being run. */
  readonly calls: readonly string[];
}

/** A simple command after its words are known. */
export interface Told {
  readonly text: string;
  readonly span?: Span;
  readonly files: readonly FileUse[];
  readonly assignments: readonly Word[];
  /** The number of the invocation whose code is looked into. */
  readonly owner?: number;
}

/**
 * What the parts of the reading of one text ask of each other. Every function answers what would be written to standard output:
 * a word, unknown where it is not known.
 */
export interface Interpreter {
  readonly surroundings: ShellSurroundings | undefined;
  readonly script: (text: Word, at: Context, state: State) => Word;
  readonly node: (node: SyntaxNode, at: Context, state: State) => Word;
  readonly command: (words: readonly Word[], told: Told, at: Context, state: State) => Word;
  /** Adds an invocation and answers its number. */
  readonly emit: (invocation: Invocation) => number;
  /** Adds what the code of an invocation does to its files and hosts. */
  readonly amend: (owner: number | undefined, files: readonly FileUse[], hosts: readonly string[]) => void;
  /** A part that is not known, without a command of its own. */
  readonly doubt: (reason: string, text: string, span: Span | undefined) => void;
  /** A command that is not known. */
  readonly unknownCommand: (reason: string, told: Told, at: Context, args?: readonly Word[]) => void;
  /** A variable is set whose value may be a command. */
  readonly variable: (name: string, value: Value, told: Told, at: Context, state: State) => void;
  readonly mention: (word: Word) => void;
  readonly pipesToInterpreter: () => void;
  readonly talks: () => void;
  readonly changesDirectory: (word: Word) => void;
  readonly changesEnvironment: () => void;
  readonly redefines: (name: string) => void;
  readonly fail: (reason: string, text: string) => void;
  /** Runs a script once more at the end, if it may call a function that is not defined yet. */
  readonly atEnd: (text: Word, at: Context) => void;
  /** Work that a number of words makes; throws when it was too much. */
  readonly spend: (words: number) => void;
  /** The analysis of texts for a shell that stand in a text of another language. */
  readonly nested: (surroundings: ShellSurroundings) => NestedShell;
}

/** `depth`: how deep the text stands in others. */
export type NestedShell = (text: string, depth: number) => CommandAnalysis;

export const outermost: Context = {
  wrappers: [],
  depth: 0,
  privileged: false,
  disguised: false,
  fromFile: false,
  piped: false,
  elsewhere: false,
  calls: [],
};
