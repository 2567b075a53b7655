import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Program {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The next line it prints. Fails when it ends first. */
  readonly line: () => Promise<string>;
  /** Resolves when it has ended, with its exit code or signal. */
  readonly ended: Promise<number | string>;
}

/** Runs a program of this folder in a process of its own, which does not outlive the test. */
export function run(name: string, args: readonly string[], through: readonly string[] = []): Program {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const [command, ...rest] = [...through, process.execPath, script, ...args];
  const child = spawn(command ?? process.execPath, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    process: child,
    line: async () => {
      const next = await lines.next();
      if (next.done === true) throw new Error(`${name} ended without a word`);
      return next.value;
    },
    ended: once(child, 'exit').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? 'nothing'),
  };
}
