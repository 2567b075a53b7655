import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { makePlace, type Place } from './run.ts';

let place: Place;

beforeAll(async () => {
  place = makePlace();
  const app = join(place.folder, 'app');
  mkdirSync(join(app, '.git'), { recursive: true });
  mkdirSync(place.home, { mode: 0o700 });
  const log = new AuditDatabase(join(place.home, 'audit.db'));
  const bash = (callId: string, command: string, more: Partial<AuditEntry> = {}): AuditEntry[] => {
    const about = { session: 's', agent: 'claude-code', callId, tool: 'shell', nativeTool: 'Bash', cwd: app, time: Date.now() };
    const decision: AuditEntry = { kind: 'decision', ...about, arguments: { command }, action: 'abstain', mode: 'enforce', ...more };
    return [decision, { kind: 'outcome', ...about, detail: { status: 'ran' } }];
  };
  const entries = [
    ...['git log -1', 'git log -2', 'git log -3', `cat ${app}/a`].flatMap((command, at) => bash(`a${at}`, command)),
    ...bash('b', 'git push --force', { action: 'deny' }),
    ...bash('c', 'whoami', { cwd: place.folder }),
    ...bash('d', 'git stash drop', { session: 'other' }),
  ];
  await Promise.all(entries.map((entry) => log.append(entry, 'written')));
  log.close();
});
afterAll(() => place[Symbol.dispose]());

test('what was done in a folder becomes a policy that lint and test find in order', async () => {
  const out = join(place.folder, 'suggested.yaml');
  const run = await place.run(['policy', 'suggest', '--cwd', 'app', '--session', 's', '--out', out]);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('- git log # 3 times');
  expect(text).not.toMatch(/whoami|stash/);
  expect(await place.run(['policy', 'lint', out])).toMatchObject({ exitCode: 0 });
  expect((await place.run(['policy', 'test', out])).exitCode).toBe(0);
});

test('a file that is there is not written over', async () => {
  const out = join(place.folder, 'there.yaml');
  const write = async (): Promise<number> => (await place.run(['policy', 'suggest', '--cwd', 'app', '--out', out])).exitCode;
  expect([await write(), existsSync(out), await write()]).toEqual([0, true, 1]);
});

test('every folder, as data', async () => {
  const { stdout } = await place.run(['policy', 'suggest', '--all', '--default', 'deny', '--json']);
  const { policy, rules, refused } = JSON.parse(stdout);
  expect(policy).toContain('defaultAction: deny');
  expect(policy).toContain('whoami');
  expect([rules.length > 0, refused]).toEqual([true, 1]);
});

test.each([
  [['--default', 'allow'], 64],
  [['--since', 'soon'], 64],
  [['--session', 'nobody'], 1],
])('%j ends with %i', async (args, code) => {
  expect((await place.run(['policy', 'suggest', '--cwd', 'app', ...args])).exitCode).toBe(code);
});
