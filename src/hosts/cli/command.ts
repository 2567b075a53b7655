import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** 0 fine · 1 the command failed · 2 denied, or a check found something · 64 wrong usage. */
export type ExitCode = 0 | 1 | 2 | 64;

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: NodeJS.ReadStream;
  /** Whether a person can be asked here. */
  readonly interactive: boolean;
  readonly colours: boolean;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What `--help` prints below the summary. */
  readonly usage: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
}

/** The person used the command wrongly; the message says how it goes. */
export class WrongUsage extends Error {}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; args: string[] }>>;

/** Options and positional arguments; an unknown option is wrong usage. */
export function parse<O extends ParseArgsOptionsConfig>(args: readonly string[], options: O): Values<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new WrongUsage(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The one positional argument that a command needs. */
export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new WrongUsage(`${what} is missing`);
  return value;
}
