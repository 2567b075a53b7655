import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDiscovery, writeDiscovery } from '../../src/channel/discovery.ts';
import { connect, ensureGovernor, type Reached, type StartOptions } from '../../src/channel/start.ts';
import { openHome, type Home } from '../../src/storage/home.ts';
import { MachineProcesses } from '../../src/storage/processes.ts';
import { readOrCreateToken } from '../../src/storage/token.ts';

/** The real governor, in a process of its own. */
const program = join(import.meta.dirname, '../../src/hosts/serve/main.ts');
const processes = new MachineProcesses();

let root: string;
let home: Home;
let options: StartOptions;
let reached: Reached[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cs-'));
  const env = { ...process.env, COUNTERSIGN_HOME: join(root, 'home') };
  home = openHome(env);
  const hello = { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version: '0.1.0' } as const;
  options = { home, hello, command: process.execPath, args: [program], env, deadlineMs: 15_000, processes };
  reached = [];
});
afterEach(async () => {
  for (const { client } of reached) client.close();
  await end();
  await remove(root);
});

/** A removal that meets a file which is just going stops there and says nothing: programs that lost the election are still ending. */
async function remove(folder: string): Promise<void> {
  while (existsSync(folder)) {
    rmSync(folder, { recursive: true, force: true });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function ensure(over: Partial<StartOptions> = {}): Promise<Reached> {
  const one = await ensureGovernor({ ...options, ...over });
  reached.push(one);
  return one;
}

async function end(): Promise<void> {
  const found = readDiscovery(home.discovery);
  const alive = () => found !== undefined && processes.identify(found.pid)?.start === found.processStart;
  if (found === undefined || !alive()) return;
  process.kill(found.pid, 'SIGKILL');
  while (alive()) await new Promise((resolve) => setImmediate(resolve));
}

test('where there is none, one is started; where there is one, it is used', async () => {
  await expect(connect(home, options.hello, 500)).rejects.toMatchObject({ why: 'absent' });
  const first = await ensure();
  const second = await ensure();
  expect(second.status.pid).toBe(first.status.pid);
  expect(first.status.pid).not.toBe(process.pid);
  expect([first.note, second.note]).toEqual([undefined, undefined]);
  expect(readFileSync(home.log, 'utf8')).toContain('governs');
});

test('several starters at once get one governor', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => ensure()));
  expect(new Set(all.map(({ status }) => status.pid)).size).toBe(1);
});

test('one that was killed hard is followed by another', async () => {
  const first = await ensure();
  process.kill(first.status.pid, 'SIGKILL');
  await first.client.closed;
  expect((await ensure()).status.pid).not.toBe(first.status.pid);
});

test('one that hangs is ended and replaced', async () => {
  const first = await ensure();
  process.kill(first.status.pid, 'SIGSTOP');
  const second = await ensure();
  expect(second.status.pid).not.toBe(first.status.pid);
  expect(second.note).toContain('replaced');
});

test('a process that only has the pid of a governor is left alone', async () => {
  const bystander = { pid: process.ppid, processStart: 'another', startedAt: 0, socket: home.socket, port: 1, version: '0' };
  writeDiscovery(home.discovery, bystander);
  await ensure();
  expect(processes.identify(bystander.pid)).toBeDefined();
});

test('another version that runs is left, and said', async () => {
  const first = await ensure();
  const second = await ensure({ hello: { ...options.hello, version: '9.9.9' } });
  expect(second.status.pid).toBe(first.status.pid);
  expect(second.note).toContain('9.9.9');
});

test('a program that becomes no governor: an error that says where to look', async () => {
  await expect(ensure({ args: ['-e', 'console.error("broken")'], deadlineMs: 300 })).rejects.toThrow(home.log);
});

test('a wrong token is not answered by starting another governor', async () => {
  await ensure();
  await expect(ensure({ hello: { ...options.hello, token: 'wrong' } })).rejects.toMatchObject({ why: 'refused' });
});

test('a second governor in the same home ends at once, and fine', async () => {
  await ensure();
  const second = spawnSync(process.execPath, [program], { env: options.env, timeout: 10_000 });
  expect([second.status, second.signal]).toEqual([0, null]);
});
