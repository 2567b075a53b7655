/** A word of which only parts are known. `undefined` in `parts` is an unknown piece of any length. */
export interface UnknownWord {
  readonly parts: readonly (string | undefined)[];
  /** Whether it may become no word or several (unquoted, or a pattern of file names). */
  readonly many: boolean;
  /** Whether the unknown pieces are patterns over names in a directory: they stand for no slash. */
  readonly names: boolean;
  readonly text: string;
  /** Where the unknown pieces come from: the environment of the call, or the output of a command in it. */
  readonly origin?: Origin;
}

export type Origin = 'environment' | 'output';

export type Word = string | UnknownWord;

/** `delete` counts as a write, too. */
export interface FileUse {
  readonly mode: 'read' | 'write' | 'delete';
  readonly target: Word;
  /** Whether a deletion takes everything below with it. */
  readonly recursive?: boolean;
}

/** Offsets in the text of the call, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of what would run that stays unknown before it runs. */
export interface UnknownPart {
  /** Why, as the end of a sentence: "the variable $TARGET is not set in this command". */
  readonly reason: string;
  readonly text: string;
  readonly span?: Span;
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
  /** Files it is connected to by redirection, and those that the inline code of an interpreter names. */
  readonly files: readonly FileUse[];
  /** Whether it runs with the rights of root or of another user: behind `sudo`, `doas`, `su`, `pkexec` … */
  readonly privileged: boolean;
  /** `NAME=value` set for it alone. */
  readonly assignments: readonly Word[];
  /** What comes on its standard input, where that is known: a here-document, `echo text |`. */
  readonly input?: Word;
  /** The text of the file that it runs as an interpreter, where that is known. */
  readonly script?: string;
  /** Directories that it may run in, relative to the call's own; none: the call's own. */
  readonly directories: readonly Word[];
  /** Hosts that inline code names. */
  readonly hosts: readonly string[];
  /** The part of the call's text that runs it, where there is one. */
  readonly span?: Span;
  /** Found in a script that the call runs by its path: there only what is certain counts. */
  readonly fromFile: boolean;
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
  /** What is unknown, and why; not empty where `dynamic`. */
  readonly unknown: readonly UnknownPart[];
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
  unknown: [],
  invocations: [],
  pipesToInterpreter: false,
  network: false,
  directories: [],
  mentions: [],
};

/** What an analysis may look up. Pure look-ups: the same question has the same answer within one call. */
export interface ShellSurroundings {
  /** The working directory of the call, absolute. */
  readonly cwd: string;
  /** The person's home directory, absolute. */
  readonly home: string;
  /** The text of a script by its absolute path; `undefined` where there is none, or it is too long, or not text. */
  readonly readText?: (path: string) => string | undefined;
}

/** What every invocation starts from. */
export const plainInvocation: Omit<Invocation, 'text' | 'args'> = {
  wrappers: [],
  isWrapper: false,
  files: [],
  disguised: false,
  privileged: false,
  assignments: [],
  directories: [],
  hosts: [],
  fromFile: false,
};
