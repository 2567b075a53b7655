import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { processTable } from '../../src/storage/process-table.ts';
import { startOf } from '../../src/storage/session-start.ts';

/** Runs until the test is over, under a name of its choice. */
async function run(argv0: string, args: readonly string[] = []): Promise<{ readonly pid: number; readonly start: string }> {
  const script = 'process.stdout.write("up"); setInterval(() => {}, 60_000)';
  const child: ChildProcess = spawn(process.execPath, ['-e', script, '--', ...args], {
    argv0,
    cwd: tmpdir(),
    env: { A: 'b=c', EMPTY: '' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  const found = processTable().one(child.pid ?? 0);
  if (found === undefined) throw new Error('It does not run.');
  return found;
}

test.runIf(process.platform === 'linux')('tells with which program, words, variables and folder an agent was started', async () => {
  const start = startOf(await run('claude', ['--bare', 'two words', '']));
  expect(start).toMatchObject({ program: process.execPath, script: [], cwd: tmpdir(), environment: { A: 'b=c', EMPTY: '' } });
  expect(start.args.slice(-3)).toEqual(['--bare', 'two words', '']);
});

test.runIf(process.platform === 'linux')('says nothing of a program that is no agent, or of another process with its number', async () => {
  const other = await run('something');
  expect(() => startOf(other)).toThrow('is no agent that is known here');
  const agent = await run('claude');
  expect(() => startOf({ ...agent, start: '1' })).toThrow('another process has its number by now');
});
