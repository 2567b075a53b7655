import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureGovernor } from '../../../src/channel/start.ts';
import { AuditReader } from '../../../src/storage/audit-reader.ts';
import { verifyAuditLog } from '../../../src/storage/audit-verify.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { MachineProcesses } from '../../../src/storage/processes.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import { canMount, fillDisk, mountDisk } from '../../storage/folder.ts';
import { runHook } from '../hook/hook-process.ts';

const program = join(import.meta.dirname, '../../../src/hosts/serve/main.ts');

async function startGovernor(home: Home) {
  const processes = new MachineProcesses();
  const { client, status } = await ensureGovernor({
    home,
    hello: { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version: 'test' },
    command: process.execPath,
    args: [program],
    env: { ...process.env, COUNTERSIGN_HOME: home.root },
    deadlineMs: 15_000,
    processes,
  });
  onTestFinished(async () => {
    process.kill(status.pid, 'SIGKILL');
    await client.closed;
  });
  return status;
}

function message(id: string, cwd: string, command: string) {
  return { hook_event_name: 'PreToolUse', session_id: 's1', cwd, tool_name: 'Bash', tool_input: { command }, tool_use_id: id };
}

/** Whether the agent would run it: an HTTP hook refuses by its answer, or by failing. */
async function runsOverHttp(home: Home, port: number, id: string, command: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/hooks/claude-code`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readOrCreateToken(home.hookToken)}`, 'content-type': 'application/json' },
    body: JSON.stringify(message(id, dirname(home.root), command)),
  });
  return response.ok && !(await response.text()).includes('"deny"');
}

function recorded(home: Home): ReadonlySet<string> {
  using reader = new AuditReader(home.audit);
  const ids = [...reader.pages({ kind: 'decision' })].flatMap((page) => page.map(({ record }) => record.entry.callId ?? ''));
  return new Set(ids);
}

test.runIf(canMount)('a governor whose disk is full lets no call run that is not in the log, and goes on when there is space', async () => {
  const disk = mountDisk('6m');
  const home = openHome({ COUNTERSIGN_HOME: join(disk, 'h') });
  const { port } = await startGovernor(home);
  expect(await runsOverHttp(home, port, 'before', 'git status')).toBe(true);
  const ballast = join(disk, 'ballast');
  fillDisk(ballast);
  const ran: string[] = [];
  let refused = 0;
  for (let i = 0; i < 300; i += 1) {
    const id = `toolu_${i}`;
    if (await runsOverHttp(home, port, id, `echo ${'x'.repeat(3000)} ${i}`)) ran.push(id);
    else refused += 1;
  }
  expect(refused).toBeGreaterThan(10);
  truncateSync(ballast, 0);
  // What was begun on the full disk may still fail, and refuse one more.
  let after = 0;
  await expect.poll(() => runsOverHttp(home, port, `after-${(after += 1)}`, 'git status'), { timeout: 10_000 }).toBe(true);
  const there = recorded(home);
  expect([...ran, 'before', `after-${after}`].filter((id) => !there.has(id))).toEqual([]);
  expect(verifyAuditLog(home.audit)).toMatchObject({ ok: true });
});

test.runIf(canMount)('on a disk that is read-only neither governor nor hook lets a call run', async () => {
  const disk = mountDisk('6m');
  const ask = (id: string, env: Readonly<Record<string, string>>) =>
    runHook({ home: disk, stdin: JSON.stringify(message(id, disk, 'git status')), env });
  expect(await ask('before', { COUNTERSIGN_NO_GOVERNOR: '1' })).toMatchObject({ exitCode: 0 });
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  for (const env of [{ COUNTERSIGN_NO_GOVERNOR: '1' }, {}]) {
    const run = await ask('after', env);
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain('Countersign');
  }
});
