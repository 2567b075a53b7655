import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { endInServer, serverAnswer, socketOf } from '../../../src/agents/codex/app-server.ts';
import type { JsonObject } from '../../../src/engine/json.ts';

test.each<[string, string | undefined]>([
  ['app-server --listen unix:// --analytics-default-enabled --managed-daemon', '/c/app-server-control/app-server-control.sock'],
  ['app-server --listen=unix:///run/codex.sock', '/run/codex.sock'],
  ['app-server', undefined],
  ['app-server --listen stdio://', undefined],
  ['app-server --listen ws://127.0.0.1:1', undefined],
  ['app-server daemon pid-update-loop', undefined],
  ['exec --listen unix://', undefined],
  ['', undefined],
])('codex %s listens for other terminals at %s', (line, socket) => {
  expect(socketOf(line.split(' '), '/c')).toBe(socket);
});

const askedSchema = z.object({ threadId: z._default(z.string(), ''), turnId: z.optional(z.string()) });
type Asked = z.infer<typeof askedSchema>;

/** A server with these threads: whose they are, and the turn that runs in each. */
function serverWith(threads: Readonly<Record<string, readonly [session: string, turn?: string]>>, objections: Record<string, string> = {}) {
  const done: string[] = [];
  const told: string[] = [];
  const answers: Record<string, (params: Asked) => unknown> = {
    initialize: () => ({}),
    'thread/loaded/list': () => ({ data: Object.keys(threads), nextCursor: null }),
    'thread/read': ({ threadId }) => ({ thread: { id: threadId, sessionId: threads[threadId]?.[0] } }),
    'thread/turns/list': ({ threadId }) => {
      const turn = threads[threadId]?.[1];
      return { data: turn === undefined ? [{ id: 'old', status: 'completed' }] : [{ id: turn, status: 'inProgress' }] };
    },
    'turn/interrupt': ({ threadId, turnId }) => done.push(`interrupt ${threadId} ${turnId}`),
    'thread/backgroundTerminals/clean': ({ threadId }) => done.push(`clean ${threadId}`),
  };
  const ask = async (method: string, params: JsonObject): Promise<unknown> => {
    const asked = z.parse(askedSchema, params);
    const objection = objections[`${method} ${asked.threadId}`] ?? objections[method];
    if (objection !== undefined) throw new Error(objection);
    return answers[method]?.(asked);
  };
  return { done, told, ask, tell: (method: string) => void told.push(method) };
}

test('ends the turns of a session and of its subagents, and their terminals; those of others go on', async () => {
  const server = serverWith({ other: ['other', 't0'], mine: ['mine', 't1'], below: ['mine', 't2'], idle: ['mine'], last: ['other', 't3'] });
  await endInServer(server, 'mine');
  expect(server.done.toSorted()).toEqual(['clean below', 'clean idle', 'clean mine', 'interrupt below t2', 'interrupt mine t1']);
  // The turn first: it would begin another command.
  expect(server.done.indexOf('interrupt mine t1')).toBeLessThan(server.done.indexOf('clean mine'));
  expect(server.told).toEqual(['initialized']);
});

test.each<[string, Record<string, string>, readonly string[]]>([
  ['a turn that has just ended was none', { 'turn/interrupt': 'no active turn to interrupt' }, ['clean mine']],
  ['a thread that has just gone is nobody’s', { 'thread/read other': 'thread not loaded' }, ['interrupt mine t1', 'clean mine']],
])('%s', async (_, objections, done) => {
  const server = serverWith({ other: ['other', 't0'], mine: ['mine', 't1'] }, objections);
  await endInServer(server, 'mine');
  expect(server.done).toEqual(done);
});

test.each(['initialize', 'thread/loaded/list', 'thread/turns/list', 'turn/interrupt', 'thread/backgroundTerminals/clean', 'thread/read'])(
  'a server that objects to %s has not ended the session',
  async (method) => {
    const server = serverWith({ mine: ['mine', 't1'], other: ['other'] }, { [method]: 'not today' });
    await expect(endInServer(server, 'mine')).rejects.toThrow('not today');
  },
);

test('a session that the server does not hold does nothing there', async () => {
  const server = serverWith({ other: ['other', 't0'] });
  await endInServer(server, 'mine');
  expect(server.done).toEqual([]);
});

test.each([
  ['{"id":3,"result":{}}', { id: 3, result: {} }],
  ['{"error":{"code":-32600,"message":"no"},"id":2}', { id: 2, error: { message: 'no' } }],
  ['{"method":"thread/status/changed","params":{}}', undefined],
  ['{"id":3,"method":"item/commandExecution/requestApproval","params":{}}', undefined],
  ['7', undefined],
])('%s is the answer %j', (text, answer) => {
  expect(serverAnswer(text)).toEqual(answer);
});
