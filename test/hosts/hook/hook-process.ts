import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'hosts', 'hook', 'main.ts');

export interface HookRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface HookOptions {
  readonly home: string;
  readonly args?: readonly string[];
  /** `undefined`: stdin is never closed. */
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  readonly program?: string;
  /** No file may grow beyond that many blocks of 512 bytes. */
  readonly fileLimit?: number;
  /** Called with the process's id once it runs. */
  readonly onStart?: (pid: number) => void;
}

/** Runs the command hook as an agent would: a process of its own, with nothing of our environment. */
export function runHook({ home, args = ['claude-code'], stdin, env = {}, nodeArgs = [], onStart, ...rest }: HookOptions): Promise<HookRun> {
  const began = performance.now();
  const command = [process.execPath, ...nodeArgs, rest.program ?? program, ...args];
  const limited =
    rest.fileLimit === undefined ? command : ['/bin/sh', '-c', `trap '' XFSZ; ulimit -f ${rest.fileLimit}; exec "$@"`, 'sh', ...command];
  const child = spawn(limited[0] ?? '', limited.slice(1), {
    env: { PATH: '/usr/bin:/bin', HOME: home, COUNTERSIGN_HOME: join(home, 'state'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  if (stdin !== undefined) child.stdin.end(stdin);
  if (child.pid !== undefined) onStart?.(child.pid);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr, ms: performance.now() - began }));
  });
}
