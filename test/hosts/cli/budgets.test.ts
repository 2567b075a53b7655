import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place } from './run.ts';

let place: Place;

beforeAll(async () => {
  place = makePlace();
  await place.run(['sessions', '--json']);
  writeFileSync(
    join(place.home, 'policies', 'b.yaml'),
    `kind: BudgetPolicy
metadata: {name: b}
spec:
  limits: [{per: session, calls: 3}, {per: workspace/day, calls: 50, onLimit: alert, alertAt: [2%]}]
  loop: {sameCall: 2, within: 2m}
`,
  );
}, 30_000);

afterAll(async () => {
  process.kill(governor().pid, 'SIGTERM');
  place[Symbol.dispose]();
});

function governor(): { readonly pid: number; readonly port: number } {
  return JSON.parse(readFileSync(join(place.home, 'governor.json'), 'utf8'));
}

function messageOf(session: string, command: string, id: string) {
  return {
    session_id: session,
    transcript_path: '',
    cwd: place.folder,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: id,
  };
}

async function hook(session: string, command: string, id: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${governor().port}/v1/hooks/claude-code`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(join(place.home, 'hook-token'), 'utf8')}`, 'content-type': 'application/json' },
    body: JSON.stringify(messageOf(session, command, id)),
  });
  return response.text();
}

test('calls are counted through a crash of the governor, and by a hook that judges alone', async () => {
  expect(await hook('s1', 'ls a', 'c1')).not.toContain('deny');
  expect(await hook('s1', 'ls b', 'c2')).not.toContain('deny');
  // What was saved in passing is committed before this is answered.
  expect(JSON.parse((await place.run(['budgets', '--json'])).stdout)).toMatchObject([
    { id: 'b/session/total/calls/3/s1', used: 2, limit: 3, onLimit: 'deny' },
    { per: 'workspace', window: 'day', subject: place.folder, used: 2, limit: 50 },
  ]);
  process.kill(governor().pid, 'SIGKILL');
  const alone = (id: string) =>
    place.run(['hook', 'claude-code'], JSON.stringify(messageOf('s1', `ls ${id}`, id)), { COUNTERSIGN_NO_GOVERNOR: '1' });
  expect((await alone('c3')).stdout).not.toContain('deny');
  expect(await alone('c4')).toMatchObject({ stdout: expect.stringContaining('3 of 3 calls made in this session') });
  const { stdout } = await place.run(['budgets']);
  expect(stdout).toMatch(/^b +session +s1 +4 calls +3 calls +133 % +deny$/m);
  expect(await hook('s1', 'ls e', 'c5')).toMatch(/"permissionDecision":"deny".*4 of 3 calls/);
}, 60_000);

test('a person resets the circuit breaker of a session, and an agent does not', async () => {
  for (const id of ['d1', 'd2']) expect(await hook('s2', 'ls', id)).not.toContain('deny');
  expect(await hook('s2', 'ls', 'd3')).toContain('countersign budget reset s2');
  expect(await hook('s2', 'pwd', 'd4')).toContain('deny');
  const byAgent = await place.run(['budget', 'reset', 's2'], '', { CLAUDECODE: '1' });
  expect([byAgent.exitCode, byAgent.stderr]).toEqual([1, expect.stringContaining('belongs to an agent')]);
  expect(await place.run(['budget', 'reset', 's2'])).toMatchObject({ exitCode: 0, stdout: 'The circuit breakers of s2 are reset.\n' });
  const entries: readonly { entry: { kind: string; reason: string } }[] = JSON.parse(
    (await place.run(['audit', 'list', '--json', '--session', 's2'])).stdout,
  );
  expect(entries.filter(({ entry }) => entry.kind === 'budget').map(({ entry }) => entry.reason)).toEqual([
    expect.stringMatching(/ reset the circuit breakers of this session\.$/),
    expect.stringContaining('3 of 3 calls made'),
    expect.stringContaining('Circuit breaker "loop"'),
  ]);
});

test.each([
  [['budget'], 64, 'is not "reset"'],
  [['budget', 'reset'], 64, 'the SESSION is missing'],
  [['budget', 'reset', 's9'], 1, 'There is no session s9'],
])('%j is refused', async (args, exitCode, text) => {
  const run = await place.run(args);
  expect([run.exitCode, run.stderr]).toEqual([exitCode, expect.stringContaining(text)]);
});
