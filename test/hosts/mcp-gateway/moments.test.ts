import { expect, test } from 'vitest';
import type { McpMethods } from '../../../src/channel/mcp-messages.ts';
import type { Judge } from '../../../src/hosts/mcp-gateway/judge.ts';
import { McpGateway } from '../../../src/hosts/mcp-gateway/gateway.ts';
import { StartingClient } from '../../../src/hosts/mcp-gateway/speaker.ts';
import { settled } from '../../governor/fixture.ts';

interface Question {
  readonly method: keyof McpMethods;
  readonly answer: (result: unknown) => void;
}

/** A gateway whose governor answers when the test says so: for moments that no process can be made to hit. */
function between() {
  const client: string[] = [];
  const server: string[] = [];
  const questions: Question[] = [];
  const judge: Judge = {
    ask: (method) => new Promise((answer) => questions.push({ method, answer: (result) => answer(result as never) })),
    letGo: () => undefined,
    changed: () => new Promise<number>(() => undefined),
  };
  const gateway = new McpGateway({
    judge,
    speaker: new StartingClient('lab', {}, '/'),
    env: {},
    toClient: (line) => client.push(line.toString().trim()),
    toServer: (line) => server.push(line.toString().trim()),
    note: () => undefined,
  });
  const line = (message: object): Buffer => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return {
    client,
    server,
    questions,
    says: (message: object) => gateway.fromClient(line(message)),
    answers: (message: object | string) => gateway.fromServer(typeof message === 'string' ? Buffer.from(message) : line(message)),
  };
}

const call = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } };
const passes = { answer: { kind: 'pass' }, callId: 'c', joined: false, watched: true };
const result = (text: string) => ({ id: 1, result: { content: [{ type: 'text', text }] } });

test('a call that is cancelled in the moment in which it is let through is not sent', async () => {
  const b = between();
  b.says(call);
  b.says({ method: 'notifications/cancelled', params: { requestId: 1 } });
  b.questions[0]?.answer(passes);
  await settled();
  expect([b.server, b.client]).toEqual([[], []]);
});

test('while an answer is looked through, a second one to the same request does not get past it', async () => {
  const b = between();
  b.says(call);
  b.questions[0]?.answer(passes);
  await settled();
  b.answers(result('first'));
  b.answers(result('second'));
  expect(b.client).toEqual([]);
  b.questions[1]?.answer({ kind: 'pass', output: { content: [] } });
  await settled();
  expect(b.client).toEqual(['{"jsonrpc":"2.0","id":1,"result":{"content":[]}}']);
});

test('an answer that came before its call was let through is left out', async () => {
  const b = between();
  b.says(call);
  b.answers(result('too early'));
  b.questions[0]?.answer({ ...passes, answer: { kind: 'refuse', reason: 'No.', stop: false } });
  await settled();
  expect([b.server, b.client.length, b.client[0]]).toEqual([[], 1, expect.stringContaining('"text":"No."')]);
});

test.each<[string, string]>([
  ['is a result and an error at once', '{"id":1,"result":{"content":[]},"error":{"code":1,"message":"y"}}'],
  ['says a name twice', '{"id":1,"result":{"content":[],"content":[{"type":"text","text":"x"}]}}'],
])('an answer that %s is withheld', async (_, text) => {
  const b = between();
  b.says(call);
  b.questions[0]?.answer(passes);
  await settled();
  b.answers(text);
  await settled();
  expect(b.client[0]).toContain('withheld');
});

test('an answer that calls itself a request as well is left out, and the answer itself is still waited for', async () => {
  const b = between();
  b.says(call);
  b.questions[0]?.answer(passes);
  await settled();
  b.answers({ ...result('past it'), method: 'ping' });
  expect(b.client).toEqual([]);
  b.answers(result('looked through'));
  b.questions[1]?.answer({ kind: 'pass' });
  await settled();
  expect(b.client).toEqual([expect.stringContaining('looked through')]);
});

test('a call of an id that was cancelled may be made again', async () => {
  const b = between();
  b.says(call);
  b.says({ method: 'notifications/cancelled', params: { requestId: 1 } });
  b.says(call);
  b.questions[1]?.answer(passes);
  await settled();
  b.questions[0]?.answer(passes);
  await settled();
  expect(b.server).toHaveLength(1);
});
