/** A word of which only parts are known. `undefined` in `parts` is an unknown piece of any length. */
export interface UnknownWord {
  readonly parts: readonly (string | undefined)[];
  /** Whether it may become no word or several (unquoted, or a pattern of file names). */
  readonly many: boolean;
  /** Whether the unknown pieces are patterns over names in a directory: they stand for no slash. */
  readonly names: boolean;
  readonly text: string;
}

export type Word = string | UnknownWord;

export interface FileUse {
  readonly mode: 'read' | 'write';
  readonly target: Word;
}

/** One simple command that a text would run. */
export interface Invocation {
  /** As written, decoded. `undefined` when it is not known before it runs. */
  readonly program?: string;
  readonly args: readonly Word[];
  /** Programs that run this one (`sudo`, `xargs`), outermost first. */
  readonly wrappers: readonly string[];
  /** Whether another invocation of the list is what this one runs. */
  readonly isWrapper: boolean;
  readonly text: string;
  /** Files it is connected to by redirection. */
  readonly files: readonly FileUse[];
  /** Why it may not be what its name says: a changed environment, a function or alias of that name. */
  readonly disguised: boolean;
}

/** What is known about a shell text before it runs. */
export interface CommandAnalysis {
  readonly text: string;
  /** Whether the whole text was understood as a shell script. True for a call without a command. */
  readonly parsed: boolean;
  /** Whether anything about what would run is unknown. */
  readonly dynamic: boolean;
  readonly invocations: readonly Invocation[];
  /** Whether the output of something becomes the program of an interpreter (`curl … | sh`). */
  readonly pipesToInterpreter: boolean;
  /** Whether a program that talks to the network is run. */
  readonly network: boolean;
  /** Directories that the text may change to. */
  readonly directories: readonly Word[];
  /** Words outside of commands that may name files: values of variables, lists of loops, operands of tests. */
  readonly mentions: readonly Word[];
}

/** What a call without a shell text gets. */
export const noCommand: CommandAnalysis = {
  text: '',
  parsed: true,
  dynamic: false,
  invocations: [],
  pipesToInterpreter: false,
  network: false,
  directories: [],
  mentions: [],
};
