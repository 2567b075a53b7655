import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../../../src/channel/client.ts';
import type { Status } from '../../../src/channel/messages.ts';
import { ensureGovernor } from '../../../src/channel/start.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { MachineProcesses } from '../../../src/storage/processes.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';

/** The program itself, on the real disk, with the shipped policies and one of the user's. */
const program = join(import.meta.dirname, '../../../src/hosts/serve/main.ts');
const policy = `
kind: ToolPolicy
metadata: {name: pushes}
spec:
  rules:
    - name: ask
      commands: [git push]
      action: require_approval
    - name: never
      commands: ["git push --force"]
      action: deny
      message: It rewrites history.
`;

const processes = new MachineProcesses();

let root: string;
let home: Home;
let reached: { readonly client: Client; readonly status: Status };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'cs-'));
  home = openHome({ COUNTERSIGN_HOME: join(root, 'home') });
  writeFileSync(join(home.policies, 'pushes.yaml'), policy);
  await start();
});
afterEach(async () => {
  await reached.client.call('shutdown', { reason: 'the test is over' }).catch(() => undefined);
  await reached.client.closed;
  // It still writes while it ends; a removal that meets a file which is just going would stop there.
  while (processes.identify(reached.status.pid) !== undefined) await new Promise((resolve) => setImmediate(resolve));
  rmSync(root, { recursive: true, force: true });
});

async function start(): Promise<void> {
  reached = await ensureGovernor({
    home,
    hello: { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version: 'test' },
    command: process.execPath,
    args: [program],
    env: { ...process.env, COUNTERSIGN_HOME: home.root },
    deadlineMs: 15_000,
    processes,
  });
}

async function call(id: string, command: string): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${reached.status.port}/v1/hooks/claude-code`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readOrCreateToken(home.hookToken)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      hook_event_name: 'PreToolUse',
      session_id: 's1',
      cwd: root,
      tool_name: 'Bash',
      tool_input: { command },
      tool_use_id: id,
    }),
  });
  return JSON.parse(await response.text()).hookSpecificOutput?.permissionDecision;
}

async function open() {
  for (;;) {
    const [approval] = await reached.client.call('approvals', {});
    if (approval !== undefined) return approval;
  }
}

test('calls are judged by the policies on disk', async () => {
  expect([await call('c1', 'git status'), await call('c2', 'git push --force')]).toEqual([undefined, 'deny']);
  const [newest] = await reached.client.call('activity', { limit: 1 });
  expect(newest?.entry).toMatchObject({ kind: 'decision', action: 'deny', rules: [{ policy: 'pushes', rule: 'never' }] });
});

test('killed hard while a person is being asked: the call fails, the question is still there, the retry passes once', async () => {
  const held = call('c1', 'git push').catch(() => 'failed');
  expect((await open()).waiting).toBe(true);
  process.kill(reached.status.pid, 'SIGKILL');
  expect(await held).toBe('failed');
  await reached.client.closed;
  await start();
  const { id, waiting } = await open();
  expect(waiting).toBe(false);
  await reached.client.call('answer', { id, outcome: 'approved', scope: 'once', reason: '', surface: 'cli' });
  expect(await call('c2', 'git push')).toBe('allow');
  void call('c3', 'git push').catch(() => undefined);
  expect((await open()).callId).toBe('c3');
});

test('a policy file with an error is a problem that clients see', async () => {
  writeFileSync(join(home.policies, 'broken.yaml'), 'kind: ToolPolcy\n');
  let problems: Status['problems'] = [];
  while (problems.length === 0) problems = (await reached.client.call('status', {})).problems;
  expect(problems[0]).toMatchObject({ file: join(home.policies, 'broken.yaml'), line: 1 });
});

test('SIGTERM: it says goodbye in its log and ends', async () => {
  process.kill(reached.status.pid, 'SIGTERM');
  await reached.client.closed;
  expect(readFileSync(home.log, 'utf8')).toContain('Stopping: it received SIGTERM');
});

function rememberedEntries(): number {
  const database = new Sqlite(home.state, { readonly: true });
  try {
    return Number(database.prepare('SELECT seq FROM log_head').pluck().get() ?? 0);
  } finally {
    database.close();
  }
}

test('killed hard and its log erased: the next one says so, in the log and to everybody who looks', async () => {
  await call('c1', 'git push --force');
  const { pid } = reached.status;
  await expect.poll(() => rememberedEntries()).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  await reached.client.closed;
  while (processes.identify(pid) !== undefined) await new Promise((resolve) => setImmediate(resolve));
  for (const end of ['', '-wal', '-shm']) rmSync(home.audit + end, { force: true });
  await start();
  expect(reached.status.problems).toMatchObject([{ id: 'log', message: expect.stringContaining('cut off, replaced or erased') }]);
  const activity = await reached.client.call('activity', { limit: 10 });
  expect(activity.map(({ entry }) => entry.kind)).toContain('incident');
  expect(await call('c2', 'git push --force')).toBe('deny');
});
