import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const root = join(import.meta.dirname, '..', '..');

const guard = z.strictObject({
  name: z.string().check(z.minLength(1)),
  /** What to install from npm, with its version; left out: it is on this machine. */
  npm: z.optional(z.string()),
  /** The program and its arguments. `{root}` is this repository, `{npm}` the folder of the installed programs. */
  command: z.array(z.string()).check(z.minLength(1)),
  /** `hook`: a process for each message on stdin. `json-lines`: one process, `{id, message}` a line, `{id, action}` back. */
  protocol: z._default(z.enum(['hook', 'json-lines']), 'hook'),
});
type Described = z.infer<typeof guard>;

/** A guard that can be asked. */
export interface Guard {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly protocol: Described['protocol'];
}

/** A guard that this machine cannot run, and why. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

export function readGuards(path: string): readonly Described[] {
  return z.parse(z.array(guard), JSON.parse(readFileSync(path, 'utf8')));
}

/** Installs what has to be installed, below `scratch`. Without a network that guard is missing, and the rest goes on. */
export function prepareGuard(described: Described, scratch: string): Guard | Missing {
  const folder = join(scratch, 'npm', described.name.replaceAll(/\W+/g, '-'));
  const why = described.npm === undefined ? undefined : install(described.npm, folder);
  if (why !== undefined) return { name: described.name, why };
  const places = { root, npm: join(folder, 'node_modules', '.bin') };
  const [program = '', ...args] = described.command.map((word) =>
    word.replaceAll(/\{(root|npm)\}/g, (_, place: 'root' | 'npm') => places[place]),
  );
  // What is written in JavaScript runs on the Node that runs this.
  const isScript = described.npm !== undefined || /\.[cm]?js$/.test(program);
  return {
    name: described.name,
    protocol: described.protocol,
    command: isScript ? [process.execPath, program, ...args] : [program, ...args],
  };
}

function install(what: string, folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', '--loglevel=error'];
  const { status, error, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...flags, what], {
    encoding: 'utf8',
    timeout: 120_000,
    shell: process.platform === 'win32',
  });
  if (status === 0) return undefined;
  return `npm could not install ${what} (${error?.message ?? stderr.trim().split('\n')[0] ?? 'no reason given'})`;
}
