import type { Invocation, Word } from '../shell/analysis.ts';
import type { Arguments } from './arguments.ts';

/** What a command would do to one file or folder. `either`: it is not known whether it reads or writes. */
export interface Use {
  readonly mode: 'read' | 'write' | 'delete' | 'either';
  readonly target: Word;
  /** Whether everything below goes with it. */
  readonly recursive?: boolean;
  /** Deleted here because it is moved elsewhere. */
  readonly moved?: boolean;
  /** Whether it only may be a file, or only may be touched: enough for rules over paths, too little to say that it is written. */
  readonly guessed?: boolean;
  /** The folder that it is relative to, itself relative to where the command runs (`tar -C`). */
  readonly from?: Word;
}

/** A use with the command that does it. */
export interface FileEffect extends Use {
  /** Left out: a word outside of any command. */
  readonly invocation?: Invocation;
}

/** What a program does with its arguments. */
export interface Program {
  /** Options that take a value, as the next word or attached, separated by blanks. */
  readonly valued?: string;
  /** Whether long options have one dash (`openssl -in FILE`): then letters are no clusters. */
  readonly oneDash?: boolean;
  /** Whether what `uses` leaves out is never a file (`echo`, the expression of `grep`). */
  readonly wordsOnly?: boolean;
  readonly uses: (args: Arguments, invocation: Invocation) => readonly Use[];
}

export type Programs = Readonly<Record<string, Program>>;

export function reads(targets: readonly Word[]): readonly Use[] {
  return targets.map((target) => ({ mode: 'read', target }));
}

export function writes(targets: readonly Word[]): readonly Use[] {
  return targets.map((target) => ({ mode: 'write', target }));
}

export function deletes(targets: readonly Word[], recursive: boolean): readonly Use[] {
  return targets.map((target) => ({ mode: 'delete', target, recursive }));
}

export function either(targets: readonly Word[]): readonly Use[] {
  return targets.map((target) => ({ mode: 'either', target, guessed: true }));
}

/** The same name under several programs. */
export function alike(names: string, program: Program): Programs {
  return Object.fromEntries(names.split(' ').map((name) => [name, program]));
}
