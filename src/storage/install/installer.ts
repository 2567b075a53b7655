import type { Home } from '../home.ts';
import type { HookProgram } from './hook-command.ts';

/** What an installation goes by. */
export interface InstallWish extends HookProgram {
  readonly home: Home;
  /** Countersign's version. */
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Names of the `choices` that the person wants. */
  readonly choices: readonly string[];
}

/** One file of a client that we write into. Both functions are pure, and throw with a sentence on text that they cannot read. */
export interface FileEdit {
  readonly file: string;
  /** A program has to be one that can be run. */
  readonly isProgram?: true;
  /** The text with our part; the same text where it is there already. */
  readonly put: (text: string | undefined) => string;
  /** The text without our part; '' where nothing but it was there. */
  readonly takeOut: (text: string) => string;
}

/** Something beyond the hooks that a person may want. */
export interface Choice {
  readonly name: string;
  /** Ends with a question mark. */
  readonly question: string;
}

export interface Finding {
  readonly id: string;
  readonly severity: 'fine' | 'notice' | 'bad';
  readonly message: string;
}

/** A file of a repository, or a person's, that may keep hooks from running. */
export interface Silencer {
  readonly file: string;
  /** What it does to the hooks, as a sentence; `undefined`: nothing. Never throws. */
  readonly effect: (text: string) => string | undefined;
}

/** How our hooks get into the configuration of one agent, and what has to be looked at afterwards. */
export interface Installer {
  readonly agent: string;
  /** As its maker calls it. */
  readonly title: string;
  readonly choices?: readonly Choice[];
  /** What the person agrees to by agreeing, where that is more than the change of files. */
  readonly consent?: string;
  /** Said once it is installed, where a person has something left to do. */
  readonly next?: string;
  /** Why it cannot be governed here; `undefined` where it can. */
  readonly obstacle?: (wish: InstallWish) => Promise<string | undefined>;
  /** In the order in which they are written. */
  readonly edits: (wish: InstallWish) => readonly FileEdit[];
  /** What an administrator puts in place so that no project and no person switches the hooks off. */
  readonly managed?: (wish: InstallWish) => { readonly file: string; readonly text: string; readonly how: string };
  readonly silencers?: (folder: string, environment: NodeJS.ProcessEnv) => readonly Silencer[];
  /** Proves it with the real client; or, where that cannot be done here, says so. */
  readonly prove?: (wish: InstallWish, cwd: string) => Promise<readonly Finding[]>;
}
