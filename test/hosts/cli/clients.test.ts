import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { openHome } from '../../../src/storage/home.ts';
import { makePlace, type Place } from './run.ts';

let place: Place;
let port: number;
let token: string;

beforeAll(async () => {
  place = makePlace();
  await place.run(['sessions', '--json']);
  writeFileSync(
    join(place.home, 'policies', 'p.yaml'),
    `kind: ToolPolicy
metadata: {name: p}
spec:
  rules:
    - {name: never, commands: ["rm -rf"], action: deny, message: No.}
    - {name: ask, commands: ["deploy"], action: require_approval}
`,
  );
  port = JSON.parse(readFileSync(join(place.home, 'config.json'), 'utf8')).port;
  token = readFileSync(join(place.home, 'hook-token'), 'utf8');
}, 30_000);

afterAll(async () => {
  process.kill(JSON.parse(readFileSync(join(place.home, 'governor.json'), 'utf8')).pid, 'SIGTERM');
  place[Symbol.dispose]();
});

async function hook(command: string, id: string, cwd = place.folder, session = 'cli-session'): Promise<string> {
  const message = {
    session_id: session,
    transcript_path: '',
    cwd,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: id,
  };
  const response = await fetch(`http://127.0.0.1:${port}/v1/hooks/claude-code`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  return response.text();
}

async function pendingId(): Promise<string> {
  await expect.poll(async () => JSON.parse((await place.run(['approvals', 'list', '--json'])).stdout), { timeout: 10_000 }).toHaveLength(1);
  return JSON.parse((await place.run(['approvals', '--json'])).stdout)[0].id;
}

test('an approval is listed with its id and no answer, and approving it lets the call run', async () => {
  const answer = hook('deploy now', 'c1');
  const id = await pendingId();
  const [listed] = JSON.parse((await place.run(['approvals', '--json'])).stdout);
  expect(listed).toMatchObject({ id, nativeTool: 'Bash', arguments: { command: 'deploy now' } });
  expect(listed).not.toHaveProperty('answer');
  expect(await place.run(['approvals', 'approve', id])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('approved: Bash deploy now'),
  });
  expect(await answer).toContain('"permissionDecision":"allow"');
});

test('a denial with its reason reaches the agent', async () => {
  const answer = hook('deploy later', 'c2');
  const id = await pendingId();
  expect((await place.run(['approvals', 'deny', id, '--reason', 'Not on a Friday'])).exitCode).toBe(0);
  expect(await answer).toMatch(/"permissionDecision":"deny".*Not on a Friday/);
});

test.each([
  [['approvals', 'approve', 'a12345678']],
  [['approvals', 'deny', 'a12345678']],
  [['revive', 'x']],
  [['resume', '--all']],
  [['incidents', 'close', '1']],
  [['observe', 'on', '--all']],
  [['observe', 'off']],
  [['serve']],
  [['policy', 'trust', 'x.yaml']],
  [['uninstall', 'claude-code', '--yes']],
  [['audit', 'rotate-key']],
  [['audit', 'false-positive', '1', '--reason', 'x']],
  [['audit', 'hold', 'add', '--session', 's1', '--reason', 'x']],
])('an agent cannot use %j', async (args) => {
  const run = await place.run(args, '', { CLAUDECODE: '1' });
  expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('for a person') });
});

test.each(['CLAUDE_CODE_SESSION_ID', 'GEMINI_CLI', 'QWEN_CODE'])('an agent is known by %s as well', async (name) => {
  const run = await place.run(['resume', '--all'], '', { [name]: '1' });
  expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${name} is set`) });
});

test.each([[['observe', 'maybe']], [['observe', 'on', '--for', 'ever']], [['observe', 'on', '--all', '--workspace', '.']]])(
  '%j is wrong usage',
  async (args) => {
    expect((await place.run(args)).exitCode).toBe(64);
  },
);

test('an answer to nothing is an error that says so', async () => {
  expect(await place.run(['approvals', 'approve', 'a00000000'])).toMatchObject({
    exitCode: 1,
    stderr: 'countersign approvals: There is no open approval a00000000.\n',
  });
});

test('the log lists, shows and proves what happened', async () => {
  expect(await hook('rm -rf dist', 'c3')).toContain('"permissionDecision":"deny"');
  const listed = JSON.parse((await place.run(['audit', 'list', '--json', '--action', 'deny', '--limit', '1'])).stdout);
  expect(listed).toMatchObject([
    { id: expect.any(Number), entry: { kind: 'decision', action: 'deny', callId: 'c3', rules: [{ policy: 'p', rule: 'never' }] } },
  ]);
  expect(JSON.parse((await place.run(['audit', 'show', String(listed[0].id)])).stdout)).toMatchObject({ seq: listed[0].seq });
  expect(await place.run(['audit', 'verify'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+ entries/) });
});

test('the log is signed on request, holds against what was seen of it, and proves one entry and two states', async () => {
  const first = await place.run(['audit', 'checkpoint']);
  expect(first.stdout).toMatch(/^countersign\/[0-9a-f]{16}\n\d+\n[A-Za-z0-9+/]{43}=\n\n— countersign\/[0-9a-f]{16} \S+\n$/);
  const key = (await place.run(['audit', 'checkpoint', '--key'])).stdout;
  expect(readFileSync(join(place.home, 'audit-key.pub'), 'utf8')).toBe(key);
  const seen = join(place.folder, 'seen');
  writeFileSync(seen, first.stdout);
  const from = first.stdout.split('\n')[1] ?? '';

  expect((await place.run(['audit', 'rotate-key'])).stdout).toMatch(/^countersign\//);
  const second = (await place.run(['audit', 'checkpoint'])).stdout;
  const [listed] = JSON.parse((await place.run(['audit', 'list', '--json', '--action', 'deny', '--limit', '1'])).stdout);
  const verified = await place.run(['audit', 'verify', '--anchor', seen, '--key', join(place.home, 'audit-key.pub')]);
  expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`The log contains what ${seen} has seen of it.`) });

  const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'verify-log.mjs');
  for (const [args, says] of [
    [[String(listed.id)], `Entry ${listed.id} is in the log`],
    [['--from', from, '--to', second.split('\n')[1] ?? ''], `of ${from} entries is the beginning of that of`],
  ] as const) {
    const out = join(place.folder, 'proof.json');
    expect(await place.run(['audit', 'prove', ...args, '--out', out])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(execFileSync(process.execPath, [script, 'proof', out], { encoding: 'utf8' })).toContain(says);
  }
});

test('a checkpoint of another log is none of this one', async () => {
  using other = makePlace();
  new AuditDatabase(join(openHome({ COUNTERSIGN_HOME: other.home }).root, 'audit.db')).close();
  expect(await other.run(['audit', 'checkpoint'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('log is empty') });
  await other.run(['audit', 'hold', 'add', '--session', 's1', '--reason', 'A lawyer asked.']);
  const seen = join(place.folder, 'foreign');
  writeFileSync(seen, (await other.run(['audit', 'checkpoint'])).stdout);
  expect(await place.run(['audit', 'verify', '--anchor', seen])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/is one of another log\.\n[^]* {2}found: {4}countersign/),
  });
  writeFileSync(seen, 'nothing');
  expect(await place.run(['audit', 'verify', '--anchor', seen])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no checkpoint'),
  });
});

test('a hold is listed until it is removed', async () => {
  const id = (
    await place.run(['audit', 'hold', 'add', '--session', 's1', '--until', '2030-01-01', '--reason', 'A lawyer asked.'])
  ).stdout.trim();
  expect(JSON.parse((await place.run(['audit', 'hold', 'list', '--json'])).stdout)).toMatchObject([
    { id, session: 's1', reason: 'A lawyer asked.' },
  ]);
  expect((await place.run(['audit', 'hold', 'list'])).stdout).toContain('session s1');
  expect((await place.run(['audit', 'hold', 'remove', id, '--reason', 'Settled.'])).exitCode).toBe(0);
  expect((await place.run(['audit', 'hold'])).stdout).toBe('No hold is in force.\n');
  expect(await place.run(['audit', 'hold', 'remove', id, '--reason', 'x'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('No hold'),
  });
});

test('a log that was changed does not hold, and verify says where', async () => {
  const copy = join(place.folder, 'copy.db');
  copyFileSync(join(place.home, 'audit.db'), copy);
  copyFileSync(join(place.home, 'audit.db-wal'), `${copy}-wal`);
  new AuditDatabase(copy).close();
  const database = new Sqlite(copy);
  for (const name of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all())
    database.exec(`DROP TRIGGER "${String(name)}"`);
  database.exec(`UPDATE entries SET json = replace(json, 'rm -rf', 'ls -la')`);
  database.close();
  const run = await place.run(['audit', 'verify', '--db', copy]);
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/The log does not hold: record \d+ was changed/) });
});

test('a log that is shorter than the governor remembers does not hold', async () => {
  using other = makePlace();
  await other.run(['sessions']);
  const { pid } = JSON.parse(readFileSync(join(other.home, 'governor.json'), 'utf8'));
  expect((await other.run(['audit', 'verify'])).exitCode).toBe(0);
  // Cleanly: then what it remembers is certainly the last entry.
  process.kill(pid, 'SIGTERM');
  await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
  for (const end of ['', '-wal', '-shm']) rmSync(join(other.home, `audit.db${end}`), { force: true });
  new AuditDatabase(join(other.home, 'audit.db')).close();
  expect(await other.run(['audit', 'verify'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cut off, replaced or erased'),
  });
});

test('sessions are listed, killed for good, and revived', async () => {
  expect(JSON.parse((await place.run(['sessions', '--json'])).stdout)).toMatchObject([
    { id: 'cli-session', agent: 'claude-code', calls: 3, denials: 2 },
  ]);
  expect((await place.run(['kill', 'cli-ses', '--reason', 'enough'])).stdout).toContain('refused from now on');
  expect(await hook('ls', 'c4')).toMatch(/"permissionDecision":"deny".*enough/);
  expect((await place.run(['revive', 'cli-session'])).exitCode).toBe(0);
  expect(await hook('ls', 'c5')).toBe('{}');
});

test('sessions are paused and resumed, one or all', async () => {
  for (const [session, named] of [
    ['cli-ses', 'cli-session is paused'],
    ['--all', 'All agents are paused'],
  ] as const) {
    expect((await place.run(['pause', session, '--reason', 'lunch'])).stdout).toContain(named);
    expect(await hook('ls', `p-${session}`)).toMatch(/"permissionDecision":"deny".*paused by.*lunch/);
    expect(await place.run(['resume', session])).toMatchObject({ exitCode: 0 });
    expect(await hook('ls', `r-${session}`)).toBe('{}');
  }
  expect((await place.run(['pause'])).exitCode).toBe(64);
});

// Elsewhere the process table does not tell whose home a program has, and the person's own agents would end with the test.
test.runIf(process.platform === 'linux')('all sessions are killed with what they run', async () => {
  const agent = spawn('sleep', ['600'], { argv0: 'claude', env: { HOME: place.folder }, stdio: 'ignore' });
  const ended = once(agent, 'exit');
  const { exitCode, stdout } = await place.run(['kill', '--all']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('claude-code, no session known: 1 process was ended.');
  expect(await ended).toEqual([null, 'SIGTERM']);
  expect(await hook('ls', 'k1')).toContain('was ended');
  await place.run(['revive', 'cli-session']);
});

test('what is only observed is said, with when it ends, and a call that would be denied runs', async () => {
  const repo = join(place.folder, 'repo');
  mkdirSync(join(repo, '.git'), { recursive: true });
  expect((await place.run(['observe', 'on', '--workspace', 'repo', '--for', '2h'])).stdout).toContain(`only observed in ${repo} until 20`);
  expect((await place.run(['observe', 'status'])).stdout).toMatch(/^Only observing in .*: by \S+ since 20.*, for another 1h\.\n$/);
  expect(JSON.parse((await place.run(['observe', '--json'])).stdout)).toMatchObject([{ id: repo, folder: repo }]);
  expect(await hook('rm -rf build', 'o1', repo, 'observed')).not.toContain('deny');
  const listed = JSON.parse((await place.run(['policy', 'list', '--json', '--cwd', 'repo'])).stdout);
  expect(listed).toContainEqual(expect.objectContaining({ documents: ['p'], onlyObserves: true }));
  expect(listed).toContainEqual(expect.objectContaining({ documents: ['self-protection'], onlyObserves: false }));
  expect((await place.run(['observe', 'off', '--workspace', 'repo'])).stdout).toBe(`Policies are enforced again in ${repo}.\n`);
  expect((await place.run(['observe'])).stdout).toBe('Policies are enforced everywhere.\n');
  expect(await hook('rm -rf build', 'o2', repo, 'observed')).toContain('deny');
});

test('policies in force are listed with their layer; lint and test find what is wrong', async () => {
  expect(JSON.parse((await place.run(['policy', 'list', '--json'])).stdout)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ layer: 'user', documents: ['p'], problems: [] }),
      expect.objectContaining({ layer: 'built-in', documents: ['self-protection'] }),
    ]),
  );
  const file = join(place.folder, 'x.yaml');
  writeFileSync(file, 'kind: ToolPolicy\nmetadata: {name: x}\nspec:\n  rules:\n    - {name: r, tools: [shell], action: dney}\n');
  expect(await place.run(['policy', 'lint', file])).toMatchObject({
    exitCode: 2,
    stdout: expect.stringMatching(/x\.yaml:5:\d+: .*"deny"/),
  });
  writeFileSync(
    file,
    'kind: ToolPolicy\nmetadata: {name: x}\nspec:\n  rules:\n    - {name: r, commands: [ls], action: deny, tests: {deny: [ls, pwd]}}\n',
  );
  expect(await place.run(['policy', 'test', file])).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('1 passed, 1 failed') });
});

test('doctor names what is missing, and proves with a call that a forbidden one is refused', async () => {
  const run = await place.run(['doctor', '--json']);
  const findings: readonly { readonly id: string; readonly state: string }[] = JSON.parse(run.stdout);
  expect(findings.find(({ id }) => id === 'call')).toMatchObject({ state: 'ok' });
  expect(findings.find(({ id }) => id === 'hooks')).toMatchObject({ state: 'bad' });
  expect(run.exitCode).toBe(2);
}, 40_000);

test('serve starts a governor, and ends it with Ctrl-C when no session needs it', async () => {
  using other = makePlace();
  const serving = other.start(['serve']);
  await serving.says('governs this machine');
  const { pid } = JSON.parse(readFileSync(join(other.home, 'governor.json'), 'utf8'));
  serving.child.kill('SIGINT');
  expect(await serving.exitCode).toBe(0);
  await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
