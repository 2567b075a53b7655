import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { commandModel } from '../../../src/channel/review/command-model.ts';

const question = { id: 'k7', question: 'Is it about health?', text: 'My leg hurts.' };
const signal = (): AbortSignal => new AbortController().signal;
const node = (script: string) => commandModel([process.execPath, '-e', script]);

test('a program gets the text, the question and the id, and prints the answer', async () => {
  const script = `const { COUNTERSIGN_REVIEW_ID: id, COUNTERSIGN_REVIEW_QUESTION: q } = process.env;
    const text = require('node:fs').readFileSync(0, 'utf8');
    console.log(JSON.stringify({ id, match: q === 'Is it about health?' && text === 'My leg hurts.' }))`;
  expect(JSON.parse((await node(script)(question, signal())).text)).toEqual({ id: 'k7', match: true });
});

test('a program may answer without having read the text', async () => {
  const long = { ...question, text: 'x'.repeat(5_000_000) };
  expect(await node('process.stdout.write("no")')(long, signal())).toEqual({ text: 'no' });
});

test.each<[string, ReturnType<typeof commandModel>, RegExp]>([
  ['is not there', commandModel(['/nonexistent/review']), /cannot be started \(ENOENT\)/],
  ['fails', node('process.stdout.write("no"); process.exitCode = 3'), /it exited with 3/],
  ['is killed', node('process.kill(process.pid, "SIGKILL")'), /it was ended by SIGKILL/],
  ['says very much', node('for (;;) process.stdout.write("x".repeat(65536))'), /its answer is too long/],
])('a program that %s', async (_, ask, why) => {
  await expect(ask(question, signal())).rejects.toThrow(why);
});

test('a program that is too slow ends, with what it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cs-review-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'pid');
  const script = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)'], { stdio: 'inherit' });
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid)); setInterval(() => 0, 1e6)`;
  const late = new AbortController();
  const asking = node(script)(question, late.signal);
  asking.catch(() => undefined);
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '', { timeout: 20_000 });
  late.abort();
  await expect(asking).rejects.toThrow('it was ended by SIGKILL');
  const pid = Number(readFileSync(file, 'utf8'));
  await vi.waitUntil(() => !isAlive(pid), { timeout: 20_000 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(statusOf(pid));
  } catch {
    return false;
  }
}

function statusOf(pid: number): string {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
