import { createServer, type Server } from 'node:http';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveRemotes } from '../../../src/storage/mcp-remotes.ts';
import { startHookEndpoint } from '../../../src/channel/http-server.ts';
import type { Push } from '../../../src/channel/messages.ts';
import { readDiscovery } from '../../../src/channel/discovery.ts';
import { readConfig, writeConfig } from '../../../src/storage/config.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import { asking, callEvent, decision, settled, yes } from '../../governor/fixture.ts';
import { pidSpace } from '../../../src/storage/pid-space.ts';
import { memoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from './fixture.ts';

let place: Place;
const strangers: Server[] = [];

beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.close();
  for (const server of strangers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function started(...args: Parameters<Place['run']>) {
  const running = await place.run(...args);
  if (running === undefined) throw new Error('another governor leads');
  return running;
}

test('one governor a home', async () => {
  const first = await started();
  expect(await place.run()).toBeUndefined();
  await first.stop('enough');
  expect(await place.run()).toBeDefined();
});

test('it tells where it is, for its owner alone, and takes that back', async () => {
  const running = await started();
  expect(readDiscovery(place.home.discovery)).toMatchObject({
    pid: process.pid,
    socket: place.home.socket,
    port: running.port,
    version: '1.2.3',
  });
  expect([place.home.discovery, place.home.socket].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  await running.stop('enough');
  expect(existsSync(place.home.discovery)).toBe(false);
});

test('start and stop are in the log, with the version', async () => {
  const ports = memoryPorts();
  const running = await started({}, ports);
  await running.stop('enough');
  expect(ports.audit.entries).toMatchObject([
    { kind: 'governor', detail: { event: 'start', version: '1.2.3' } },
    { kind: 'governor', reason: 'The governor stopped: enough.', detail: { event: 'stop' } },
  ]);
});

test('a log that cannot be written: no governor, and the lock is free', async () => {
  const ports = memoryPorts();
  ports.audit.failure = new Error('disk full');
  await expect(place.run({}, ports)).rejects.toThrow('disk full');
  await started();
});

test('an HTTP hook is decided on', async () => {
  const running = await started({ decide: () => decision({ action: 'deny', reason: 'No.' }) });
  const response = await place.post(running.port, callEvent('c1'));
  expect(await response.json()).toEqual({ kind: 'refuse', reason: 'No.', stop: false });
  expect(running.governor.sessions()).toMatchObject([{ denials: 1 }]);
});

test('a window sees the question, answers it, and the held call goes on', async () => {
  const running = await started({ decide: () => asking() });
  const { client, status } = await place.client({ client: 'window', folders: ['/home/ada/project'], focused: false });
  expect(status).toMatchObject({ version: '1.2.3', port: running.port, pending: 0 });
  const pushes: Push[] = [];
  expect(await client.subscribe((push) => pushes.push(push))).toMatchObject({ approvals: [], sessions: [] });
  const response = place.post(running.port, callEvent('c1'));
  const asked = () => pushes.flatMap((push) => (push.push === 'approvals' ? push.approvals : [])).at(-1);
  await until(() => asked() !== undefined);
  expect(asked()).toMatchObject({ mine: true, waiting: true, callId: 'c1' });
  const id = asked()?.id ?? '';
  expect(await client.call('answer', { id, ...yes, surface: 'notification' })).toMatchObject({
    answer: { outcome: 'approved', by: { surface: 'notification' } },
  });
  expect((await response).status).toBe(200);
  await expect(client.call('answer', { id, ...yes, surface: 'inbox' })).rejects.toMatchObject({ code: 'already-answered' });
  expect(await client.call('approvals', { all: true })).toMatchObject([{ id, answer: { outcome: 'approved' } }]);
});

test('the window that has the folder is asked first; with no such window, the one with the focus', async () => {
  const running = await started({ decide: () => asking() });
  const near = await place.client({ client: 'window', folders: ['/home/ada/project'], focused: false });
  const far = await place.client({ client: 'window', folders: ['/home/ada/pro'], focused: true });
  const terminal = await place.client({ client: 'terminal' });
  void place.post(running.port, callEvent('c1')).catch(() => undefined);
  await until(() => running.governor.approvals().length === 1);
  const mine = async () => Promise.all([near, far, terminal].map(async ({ client }) => (await client.call('approvals', {}))[0]?.mine));
  expect(await mine()).toEqual([true, false, false]);
  await near.client.call('window', { folders: [], focused: false });
  expect(await mine()).toEqual([false, true, false]);
});

test('a command hook gets its answer over the socket; when it goes away, its question is taken back', async () => {
  const running = await started({ decide: (_, { call }) => (call.id === 'c1' ? decision() : asking()) });
  const { client } = await place.client({ client: 'hook' });
  const reply = await client.call('hook', { agent: 'plain', message: callEvent('c1') });
  expect(JSON.parse(reply.stdout)).toEqual({ kind: 'pass' });
  const held = client.call('hook', { agent: 'plain', message: callEvent('c2') }).catch((error: unknown) => error);
  await until(() => running.governor.approvals().length === 1);
  client.close();
  expect(await held).toBeInstanceOf(Error);
  await until(() => running.governor.approvals().length === 0);
});

test('an agent that hangs up takes its question back', async () => {
  const running = await started({ decide: () => asking() });
  const gone = new AbortController();
  const response = place.post(running.port, callEvent('c1'), gone.signal).catch((error: unknown) => error);
  await until(() => running.governor.approvals().length === 1);
  gone.abort();
  await response;
  await until(() => running.governor.approvals().length === 0);
  expect(running.governor.answeredApprovals()).toMatchObject([{ answer: { outcome: 'cancelled', by: { surface: 'agent' } } }]);
});

test('a session is killed and revived over the socket', async () => {
  const ports = memoryPorts();
  ports.processes.start('plain', 's1', { pid: 4242, start: '1' });
  const running = await started({}, ports);
  await place.post(running.port, callEvent('c1'));
  const { client } = await place.client();
  expect(await client.call('kill', { session: 's1', reason: 'enough', surface: 'cli' })).toMatchObject({ ended: [4242] });
  expect(await client.call('sessions', {})).toMatchObject([{ id: 's1', state: 'killed' }]);
  expect(await client.call('revive', { session: 's1', surface: 'cli' })).toMatchObject({ id: 's1', state: 'ended' });
  await expect(client.call('kill', { session: 'nobody', reason: '', surface: 'cli' })).rejects.toMatchObject({ code: 'not-found' });
  expect((await client.call('activity', { limit: 2 })).map(({ entry }) => entry.kind)).toEqual(['session-revived', 'session-killed']);
});

test.runIf(process.platform === 'linux')('a pid of another container is nobody’s here: a kill ends no process by it', async () => {
  const ports = memoryPorts();
  // In the memory of the machine, so that only what the hook said can lead to it.
  ports.processes.start('other', 's9', { pid: 4242, start: '1' });
  await started({}, ports);
  const { client } = await place.client();
  const said = async (session: string, space: { readonly pidSpace?: string }) => {
    await client.call('hook', { agent: 'plain', message: callEvent('c1', {}, session), pid: 4242, ...space });
    return client.call('kill', { session, reason: '', surface: 'cli' });
  };
  expect(await said('inside', { pidSpace: 'pid:[1]' })).toMatchObject({ ended: [], left: [] });
  expect(await said('outside', pidSpace())).toMatchObject({ ended: [4242] });
});

test('all sessions are paused and resumed over the socket; the status says so, and the next governor knows', async () => {
  const ports = memoryPorts();
  const running = await started({}, ports);
  const { client } = await place.client();
  expect((await client.call('pause', { reason: 'lunch', surface: 'cli' })).message).toContain('All agents are paused');
  expect(running.status().paused).toMatchObject({ reason: 'lunch' });
  await running.stop('upgrade');
  const next = await started({}, ports);
  expect(next.status().paused).toMatchObject({ reason: 'lunch' });
  await (await place.client()).client.call('resume', { surface: 'cli' });
  expect(next.status().paused).toBeUndefined();
});

test('stopping: a call that waits is not let through, and its question survives', async () => {
  const ports = memoryPorts();
  const first = await started({ decide: () => asking() }, ports);
  const held = place.post(first.port, callEvent('c1')).then(
    async (response) => JSON.parse(await response.text()).kind,
    () => 'cut',
  );
  await until(() => first.governor.approvals().length === 1);
  await first.stop('enough');
  // Either blocks: a refusal, or a connection without an answer.
  expect(['refuse', 'cut']).toContain(await held);
  const second = await started({ decide: () => asking() }, ports);
  expect(second.governor.approvals()).toMatchObject([{ callId: 'c1', waiting: false }]);
  expect(second.port).toBe(first.port);
});

test('the port is kept from one governor to the next', async () => {
  const first = await started();
  expect(readConfig(place.home)).toEqual({ port: first.port });
  await first.stop('enough');
  expect((await started()).port).toBe(first.port);
});

async function stranger(answer: string): Promise<number> {
  const server = createServer((_, response) => response.end(answer));
  strangers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

test.each(['{}', '{"proof":"made up"}', 'hello'])(
  'a stranger on our port (%s): another port, told everywhere, and sessions of the old one are ended',
  async (answer) => {
    const ports = memoryPorts();
    const first = await started({}, ports);
    ports.processes.start('plain', 's1', { pid: 4242, start: '1' });
    await place.post(first.port, callEvent('c1'));
    await first.stop('enough');
    const taken = await stranger(answer);
    writeConfig(place.home, { port: taken });
    const moved: number[] = [];
    const second = await started({ onPort: (port) => void moved.push(port) }, ports);
    await until(() => readConfig(place.home).port === second.port);
    expect(second.port).not.toBe(taken);
    expect(moved).toEqual([second.port]);
    expect(second.status().problems).toMatchObject([{ id: 'port-moved' }]);
    expect(ports.processes.running.size).toBe(0);
    expect(ports.audit.entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['incident', 'session-killed', 'session-revived']));
  },
);

test('a session that survives the end of its port stays refused', async () => {
  const ports = memoryPorts();
  const first = await started({}, ports);
  ports.processes.start('plain', 's1', { pid: 4242, start: '1' });
  ports.processes.deaf.add(4242);
  await place.post(first.port, callEvent('c1'));
  await first.stop('enough');
  writeConfig(place.home, { port: await stranger('{}') });
  const second = await started({}, ports);
  await until(() => readConfig(place.home).port === second.port);
  expect(second.governor.sessions()).toMatchObject([{ state: 'killed' }]);
});

test('state that cannot be opened: no governor, and the lock is free', async () => {
  const openMachine = () => {
    throw new Error('not a database');
  };
  await expect(place.run({ openMachine })).rejects.toThrow('not a database');
  await started();
});

test('a governor of ours that is just going gives its port back', async () => {
  const going = await startHookEndpoint({
    port: 0,
    hookToken: 'x',
    clientToken: readOrCreateToken(place.home.clientToken),
    hook: () => Promise.reject(new Error('going')),
    onFault: () => undefined,
  });
  writeConfig(place.home, { port: going.port });
  const running = place.run();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await going.close();
  expect((await running)?.port).toBe(going.port);
});

test('nobody needs it: it ends by itself', async () => {
  const running = await started({ idleMs: 20 });
  await running.stopped;
  expect(existsSync(place.home.discovery)).toBe(false);
});

test('its home is gone: it ends, whoever needs it', async () => {
  const running = await started({ idleMs: 40 });
  await place.client();
  rmSync(place.home.root, { recursive: true });
  await running.stopped;
  expect(place.logged.at(-1)).not.toContain('governs');
});

test('a window that opens a folder brings its policies to light', async () => {
  const ports = memoryPorts();
  const looked: string[] = [];
  Object.assign(ports.policies, { inForce: (folder: string) => (looked.push(folder), { files: [] }) });
  await started({}, ports);
  const { client } = await place.client({ client: 'window', folders: ['/a'], focused: true });
  await client.call('window', { folders: ['/b'], focused: true });
  expect(looked).toEqual([place.home.root, '/a', '/b']);
});

test.each<[string, (port: number) => Promise<unknown>]>([
  ['a client', () => place.client()],
  ['a live session', (port) => place.post(port, callEvent('c1'))],
  ['a server that clients reach through it', async () => saveRemotes(place.home, { docs: { url: 'https://docs.example.com/mcp' } })],
])('%s keeps it alive', async (_, need) => {
  const running = await started({ idleMs: 40 });
  await need(running.port);
  let ended = false;
  void running.stopped.then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(ended).toBe(false);
});

/** Names of the programs of ours that this process has started. */
const programs = (): string => {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  return pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join('\n');
};

test.skipIf(process.platform !== 'linux')(
  'what reads the messages of a server that clients reach through it is there before the first of them, and ends with it',
  async () => {
    saveRemotes(place.home, { docs: { url: 'https://docs.example.com/mcp' } });
    const running = await started();
    await until(() => /mcp-gateway\S*\0endpoint/.test(programs()));
    await running.stop('the test is over');
    expect(programs()).not.toMatch(/mcp-gateway\S*\0endpoint/);
  },
);

test('a client can end it', async () => {
  const running = await started();
  const { client } = await place.client();
  expect(await client.call('shutdown', { reason: 'upgrade' })).toBe(true);
  await running.stopped;
  await client.closed;
});

test('tokens are secrets: neither the log nor the discovery file names them', async () => {
  await started();
  const secrets = [place.home.clientToken, place.home.hookToken].map((file) => readFileSync(file, 'utf8').trim());
  const told = place.logged.join('\n') + readFileSync(place.home.discovery, 'utf8');
  for (const secret of secrets) expect(told).not.toContain(secret);
  await settled();
});
