import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHookLine, type HookLine, type LineCall } from '../../src/channel/hook-line.ts';
import type { HookReply } from '../../src/channel/messages.ts';

let line: HookLine;
let calls: LineCall[];
let faults: unknown[];
let answer: (call: LineCall, signal: AbortSignal) => Promise<HookReply>;

beforeEach(async () => {
  calls = [];
  faults = [];
  answer = async () => ({ stdout: 'yes, é\n', stderr: 'no', exitCode: 0 });
  line = await startHookLine({
    hook: (call, signal) => {
      calls.push(call);
      return answer(call, signal);
    },
    onFault: (error) => faults.push(error),
    heartbeatMs: 5,
  });
});
afterEach(() => line.close());

interface Told {
  readonly port: number;
  readonly question: string;
  readonly answer: string;
}
function told(): Told {
  const [, port, question = '', expected = ''] = line.told.split('\n');
  return { port: Number(port), question, answer: expected };
}

/** What comes back, until the other side hangs up. */
function say(...parts: readonly string[]): Promise<string> {
  const socket = dial();
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  parts.forEach((part) => socket.write(part));
  return new Promise((resolve) => {
    socket.once('close', () => resolve(heard));
  });
}
function dial(): Socket {
  return connect({ port: told().port, host: '127.0.0.1' }).on('error', () => undefined);
}

const message = JSON.stringify({ tool: 'é' });
const length = `${Buffer.byteLength(message)}\n`;

test('a question is answered with our token, and the message with what was decided', async () => {
  const { question, answer: ours } = told();
  const heard = await say(`${question} codex PreToolUse 4711 pid:[1]\n`, length, message);
  expect(heard.replaceAll('.\n', '')).toBe(`${ours}\n0 8 2\nyes, é\nno`);
  expect(calls).toEqual([{ agent: 'codex', event: 'PreToolUse', parent: 4711, pidSpace: 'pid:[1]', message: { tool: 'é' } }]);
});

test('whoever waits for a person hears that the governor lives', async () => {
  answer = () => new Promise((resolve) => void setTimeout(() => resolve({ stdout: '', stderr: '', exitCode: 2 }), 50));
  expect(await say(`${told().question} codex  1 \n`, length, message)).toMatch(/\n(\.\n){3,}2 0 0\n$/);
});

test('a hook that goes away withdraws its question', async () => {
  const gone = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  answer = (_, signal) =>
    new Promise((resolve) => {
      asked.resolve();
      signal.addEventListener('abort', () => {
        gone.resolve('withdrawn');
        resolve({ stdout: '', stderr: '', exitCode: 0 });
      });
    });
  const socket = dial();
  socket.write(`${told().question} codex PreToolUse 1 \n${length}${message}`);
  await asked.promise;
  socket.destroy();
  expect(await gone.promise).toBe('withdrawn');
});

test.each<[string, (question: string) => string]>([
  ['another token', (question) => `${question.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))} codex PreToolUse 1 \n`],
  ['no token', () => 'POST / HTTP/1.1\r\n\r\n'],
  ['an agent that cannot be one', (question) => `${question} ../codex PreToolUse 1 \n`],
  ['no parent', (question) => `${question} codex PreToolUse 0 \n`],
  ['a first line without an end', (question) => question.repeat(20)],
])('who comes with %s is hung up on, and hears nothing', async (_, opening) => {
  expect(await say(opening(told().question), length, message)).toBe('');
  expect(calls).toEqual([]);
  expect(faults).toEqual([]);
});

test.each<[string, string, string]>([
  ['a length that is none', '-5\n', message],
  ['a message beyond all measure', '33554433\n', message],
  ['what is no JSON', '3\n', '{"a'],
])('%s is not answered', async (_, size, text) => {
  expect((await say(`${told().question} codex PreToolUse 1 \n`, size, text)).replaceAll('.\n', '')).toBe(`${told().answer}\n`);
  expect(calls).toEqual([]);
  expect(faults).toEqual([]);
});

test('a fault is no answer, and is told', async () => {
  answer = () => Promise.reject(new Error('the log is locked'));
  expect((await say(`${told().question} codex PreToolUse 1 \n`, length, message)).replaceAll('.\n', '')).toBe(`${told().answer}\n`);
  expect(faults).toEqual([new Error('the log is locked')]);
});
