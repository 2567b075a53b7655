import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'hosts', 'cli', 'main.ts');

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home and a folder to stand in that nothing else knows. */
export interface Place extends Disposable {
  readonly home: string;
  readonly folder: string;
  /** Without waiting for its end. */
  readonly start: (args: readonly string[]) => RunningCli;
  readonly run: (args: readonly string[], input?: string, env?: Readonly<Record<string, string>>) => Promise<CliRun>;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number>;
  /** Resolves when that text was printed. */
  readonly says: (text: string) => Promise<void>;
}

export function makePlace(): Place {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cli-')));
  const home = join(dir, 'state');
  return {
    home,
    folder: dir,
    start: (args) => startCli(args, dir, { PATH: process.env['PATH'] ?? '', HOME: dir, COUNTERSIGN_HOME: home }),
    run: (args, input = '', env = {}) =>
      runCli(args, input, dir, { PATH: process.env['PATH'] ?? '', HOME: dir, COUNTERSIGN_HOME: home, ...env }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function runCli(args: readonly string[], input: string, cwd: string, env: NodeJS.ProcessEnv): Promise<CliRun> {
  const child = spawn(process.execPath, [program, ...args], { cwd, env });
  // A program that ends without reading is fine.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, stdout, stderr };
}

function startCli(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): RunningCli {
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part));
  const exitCode = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const says = (words: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (printed.includes(words) && resolve());
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`It ended without saying "${words}": ${printed}`)));
      look();
    });
  return { child, exitCode, says };
}
