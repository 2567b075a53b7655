import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openClient } from '../../src/channel/client.ts';
import { LineReader } from '../../src/channel/lines.ts';
import type { Hello, Push, Status } from '../../src/channel/messages.ts';
import { isMethod, paramsOf } from '../../src/channel/params.ts';
import type { Peer, Service } from '../../src/channel/operations.ts';
import { startSocketEndpoint, type SocketEndpoint } from '../../src/channel/socket-server.ts';

const token = 't'.repeat(64);
const hello: Hello = { token, client: 'window', pid: 1, version: '1', folders: ['/a'], focused: true };
const status: Status = { version: '1', pid: 1, startedAt: 0, port: 1, home: '/', pending: 0, sessions: 0, problems: [] };

let folder: string;
let path: string;
let endpoint: SocketEndpoint;
let heard: unknown[];
let faults: unknown[];
let subscriber: Peer | undefined;
let whileSubscribing: (peer: Peer) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cs-'));
  path = join(folder, 'g.sock');
  heard = [];
  faults = [];
  whileSubscribing = () => undefined;
  endpoint = await startSocketEndpoint({ path, clientToken: token, service, onFault: (error) => faults.push(error) });
});
afterEach(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

const unexpected = (): never => {
  throw new Error('secret stack');
};
const service: Service = {
  hello: () => status,
  status: () => status,
  subscribe: (_, peer) => {
    subscriber = peer;
    whileSubscribing(peer);
    return { status, approvals: [], sessions: [], activity: [] };
  },
  window: () => true,
  hook: ({ message }) => ({ stdout: JSON.stringify(message), stderr: '', exitCode: 0 }),
  approvals: (params) => {
    heard.push(params);
    return [];
  },
  answer: () => Promise.reject(Object.assign(new Error('gone'), { code: 'not-found' })),
  sessions: () => [],
  kill: unexpected,
  killAll: unexpected,
  beginCanary: unexpected,
  endCanary: unexpected,
  revive: unexpected,
  pause: unexpected,
  resume: unexpected,
  observe: unexpected,
  policies: unexpected,
  policyText: unexpected,
  incidents: unexpected,
  closeIncidents: unexpected,
  activity: () => [],
  search: unexpected,
  rows: unexpected,
  closeSearch: unexpected,
  exportSearch: unexpected,
  facets: unexpected,
  ruleCounts: unexpected,
  reviewed: unexpected,
  entry: unexpected,
  spend: unexpected,
  budgets: unexpected,
  resetBreakers: unexpected,
  mcpCall: unexpected,
  mcpContinue: unexpected,
  mcpLetGo: unexpected,
  mcpSecrets: unexpected,
  agentExplain: unexpected,
  agentRequest: unexpected,
  agentSearch: unexpected,
  agentStatus: unexpected,
  mcpList: unexpected,
  mcpShown: unexpected,
  mcpChanged: unexpected,
  mcpServers: unexpected,
  answerPins: unexpected,
  mcpStart: unexpected,
  mcpResult: unexpected,
  shutdown: () => true,
};

const open = async (over: Partial<Hello> = {}) => (await openClient(path, { ...hello, ...over }, 2000)).client;

test('hello, then calls in any order', async () => {
  const client = await open();
  expect(await Promise.all([client.call('status', {}), client.call('sessions', {}), client.call('approvals', { all: true })])).toEqual([
    status,
    [],
    [],
  ]);
  expect(heard).toEqual([{ all: true }]);
  expect(endpoint.peers()).toMatchObject([{ client: 'window', window: { folders: ['/a'], focused: true } }]);
  client.close();
  await client.closed;
});

test('what changes while the state is on its way is told after the state, and not lost', async () => {
  const change: Push = { push: 'sessions', sessions: [] };
  whileSubscribing = (peer) => {
    peer.push(change);
    // And once more, right behind the state: both ends of one chunk.
    queueMicrotask(() => setImmediate(() => peer.push(change)));
  };
  const client = await open();
  const order: string[] = [];
  const second = new Promise<void>((resolve) => {
    void client
      .subscribe(({ push }) => {
        order.push(push);
        if (order.length === 3) resolve();
      })
      .then(() => order.push('state'));
  });
  await second;
  expect(order).toEqual(['state', 'sessions', 'sessions']);
  client.close();
});

test.each(['', 'x', 'T'.repeat(64)])('a wrong token (%s) is refused and cut off', async (wrong) => {
  await expect(open({ token: wrong })).rejects.toMatchObject({ why: 'refused' });
  expect(endpoint.peers()).toEqual([]);
});

test.each<[string, string]>([
  ['another call first', '{"id":1,"method":"status","params":{}}\n'],
  ['no JSON', 'GET / HTTP/1.1\r\n\r\n'],
  ['no call', '{"hello":1}\n'],
  ['hello that is none', `{"id":1,"method":"hello","params":{"token":"${token}"}}\n`],
])('%s: cut off without having done anything', async (_, text) => {
  const socket = connect(path);
  let answer = '';
  socket.on('data', (bytes) => (answer += String(bytes)));
  socket.write(text);
  await new Promise((resolve) => socket.on('close', resolve));
  expect(answer).not.toContain('"result"');
});

test('a second hello does not change who one is', async () => {
  const client = await open({ client: 'cli' });
  await client.call('hello', { ...hello, client: 'window' });
  expect(endpoint.peers()).toMatchObject([{ client: 'cli', window: undefined }]);
});

test.each<[string, Record<string, unknown>]>([
  ['kill', { session: 7 }],
  ['answer', { id: 'a', outcome: 'maybe', scope: 'once', reason: '', surface: '' }],
  ['activity', { limit: 0 }],
  ['activity', { limit: 1_000_000 }],
  ['window', { folders: 'x', focused: true }],
  ['hook', { message: {} }],
  ['toString', {}],
])('%s with wrong parameters: a failure, and the line stays', async (method, params) => {
  const socket = connect(path);
  const said = [
    { id: 1, method: 'hello', params: hello },
    { id: 2, method, params },
    { id: 3, method: 'status', params: {} },
  ];
  socket.write(said.map((call) => `${JSON.stringify(call)}\n`).join(''));
  const answers = await new Promise<string[]>((resolve) => {
    const lines: string[] = [];
    const reader = new LineReader();
    socket.on('data', (bytes) => (lines.push(...reader.push(bytes)), lines.length === 3 && resolve(lines)));
  });
  socket.destroy();
  expect(answers.map((line) => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      { id: 2, error: { code: 'failed', message: expect.any(String) } },
      { id: 3, result: status },
    ]),
  );
});

test('an error with a code keeps it', async () => {
  const client = await open();
  await expect(client.call('answer', { id: 'a', outcome: 'approved', scope: 'once', reason: '', surface: 'cli' })).rejects.toMatchObject({
    code: 'not-found',
    message: 'gone',
  });
  expect(faults).toEqual([]);
  await expect(client.call('revive', { session: 's', surface: 'cli' })).rejects.toMatchObject({ code: 'failed' });
  expect(faults).toHaveLength(1);
});

test('pushes reach who subscribed; closing is noticed on both ends', async () => {
  const client = await open();
  const pushed = new Promise((resolve) => void client.subscribe(resolve));
  await client.call('status', {});
  subscriber?.push({ push: 'approvals', approvals: [] });
  expect(await pushed).toEqual({ push: 'approvals', approvals: [] });
  const noticed = new Promise((resolve) => subscriber?.closed.addEventListener('abort', resolve));
  client.close();
  await noticed;
});

test('a governor that goes away ends the line and what waits on it', async () => {
  const client = await open();
  const held = client.call('status', {}).then(() => endpoint.close());
  await held;
  await client.closed;
  await expect(client.call('status', {})).rejects.toMatchObject({ why: 'absent' });
});

test('a hook message of 24 MiB arrives', async () => {
  const client = await open();
  const message = { a: 'x'.repeat(24 * 1024 * 1024) };
  expect((await client.call('hook', { agent: 'a', message })).stdout).toHaveLength(message.a.length + 8);
});

test('nobody there: absent; there but saying nothing: silent', async () => {
  await expect(openClient(join(folder, 'none'), hello, 500)).rejects.toMatchObject({ why: 'absent' });
  const mute = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => mute.listen(join(folder, 'mute'), resolve));
  await expect(openClient(join(folder, 'mute'), hello, 50)).rejects.toMatchObject({ why: 'silent' });
  await new Promise((resolve) => mute.close(resolve));
});

test('what a dead process left at the path is no obstacle', async () => {
  const stale = join(folder, 'stale');
  writeFileSync(stale, '');
  const second = await startSocketEndpoint({ path: stale, clientToken: token, service, onFault: () => undefined });
  expect((await openClient(stale, hello, 500)).status).toEqual(status);
  await second.close();
});

test.each<[string, readonly string[], readonly string[]]>([
  ['two in one piece', ['a\nb\n'], ['a', 'b']],
  ['one in three pieces', ['a', 'b', 'c\nd'], ['abc']],
  ['an empty one', ['\n'], ['']],
])('lines: %s', (_, pieces, lines) => {
  const reader = new LineReader();
  expect(pieces.flatMap((piece) => reader.push(Buffer.from(piece)))).toEqual(lines);
});

test('lines: a character cut in two pieces is put together', () => {
  const [first, second] = [Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)];
  const reader = new LineReader();
  expect([...reader.push(first), ...reader.push(second)]).toEqual(['ä']);
});

test('lines: one that is too long is refused before it is complete', () => {
  const reader = new LineReader(10);
  reader.push(Buffer.from('123456\n'));
  reader.push(Buffer.from('123456'));
  expect(() => reader.push(Buffer.from('123456'))).toThrow('too long');
});

test('every method has a schema, and nothing else is a method', () => {
  expect(['hook', 'constructor', '__proto__'].map(isMethod)).toEqual([true, false, false]);
  expect(() => paramsOf('kill', {})).toThrow('"kill" with a wrong "session"');
});
