import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../../src/engine/audit/canonical.ts';
import type { ReplaySummary } from '../../../src/engine/policy/replay/summary.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { bulkLog } from '../../../scripts/bench/bulk-log.ts';
import { recordWork, type RecordedWork } from '../../storage/replay-fixture.ts';
import { makePlace, type CliRun, type Place } from './run.ts';

let place: Place;
let work: RecordedWork;
let strict: string;

const strictRules = `kind: ToolPolicy
metadata: {name: strict}
spec:
  rules:
    - {name: no-builds, commands: ["npm run build"], action: deny, message: Build elsewhere.}
    - {name: reads-need-a-person, tools: [read], paths: {read: ["**/src/c.ts"]}, action: require_approval}
`;

beforeAll(async () => {
  place = makePlace();
  work = await recordWork(170);
  strict = join(place.folder, 'strict.yaml');
  writeFileSync(strict, strictRules);
}, 120_000);
afterAll(() => {
  work[Symbol.dispose]();
  place[Symbol.dispose]();
});

const replay = (args: readonly string[], input?: string): Promise<CliRun> =>
  place.run(['policy', 'replay', ...args], input, { COUNTERSIGN_HOME: work.home.root });
const summaryOf = ({ stdout }: CliRun): ReplaySummary => JSON.parse(stdout);

test('the policies in force change nothing', async () => {
  const run = await replay(['--json', '--exit-code']);
  expect(run.exitCode).toBe(0);
  expect(summaryOf(run)).toMatchObject({ calls: 170, changed: 0, rules: [], skipped: { 'not-asked': 0 } });
});

test('a file beside them is told by rule, newest first; --exit-code makes a difference an exit of 2', async () => {
  const run = await replay(['--add', strict, '--since', '7d', '--json', '--exit-code']);
  expect([run.exitCode, (await replay(['--add', strict, '--json'])).exitCode]).toEqual([2, 0]);
  const { changed, rules, changes } = summaryOf(run);
  expect(rules.map(({ rule, was, now }) => [rule, was, now])).toEqual(
    expect.arrayContaining([
      ['strict/no-builds', 'allow', 'deny'],
      ['strict/reads-need-a-person', 'abstain', 'require_approval'],
    ]),
  );
  expect(rules.reduce((sum, { calls }) => sum + calls, 0)).toBe(changed);
  const times = changes.map(({ time }) => time);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

test('people get a table, and a sentence of totals', async () => {
  const { stdout } = await replay(['--add', strict, '--limit', '3']);
  expect(stdout).toMatch(/^RULE +WAS +NOW +CALLS +NEWEST +WHICH WAS$/m);
  expect(stdout).toMatch(/^strict\/no-builds +allow +deny +\d+ .* npm run build$/m);
  expect(stdout).toMatch(/^170 calls, \d+ would have been decided otherwise: .*\d+ now deny/m);
  expect(stdout.split('\n').filter((line) => /^\d+ +\d{4}-/.test(line))).toHaveLength(3);
});

test('--policy takes the place of everything but self-protection, as in check', async () => {
  const { rules } = summaryOf(await replay(['--policy', strict, '--json']));
  const gone = rules.filter(({ speaks }) => !speaks).map(({ rule }) => rule);
  expect(gone).toEqual(expect.arrayContaining(['everything/nothing-linked', 'baseline-git/force-push']));
});

test('a draft on stdin takes the place of the file of its path, saved or not', async () => {
  const path = join(work.home.policies, 'everything.yaml');
  const draft = { path, text: 'kind: ToolPolicy\nmetadata: {name: everything}\nspec: {}\n' };
  const { rules } = summaryOf(await replay(['--stdin', '--json'], JSON.stringify({ drafts: [draft] })));
  expect(rules.filter(({ rule, speaks }) => !/^(everything|watching|looking)\//.test(rule) || speaks)).toEqual([]);
  expect(rules.length).toBeGreaterThan(3);
});

test('a draft of another workspace changes nothing here', async () => {
  const draft = { path: join(place.folder, 'elsewhere', '.countersign', 'a.yaml'), text: strictRules };
  mkdirSync(join(place.folder, 'elsewhere', '.countersign'), { recursive: true });
  expect(summaryOf(await replay(['--stdin', '--json'], JSON.stringify({ drafts: [draft] }))).changed).toBe(0);
  const own = { path: join(work.project, '.countersign', 'a.yaml'), text: strictRules };
  expect(summaryOf(await replay(['--stdin', '--json'], JSON.stringify({ drafts: [own] }))).changed).toBeGreaterThan(0);
});

test('rules by themselves: which calls each is about, and which it would have decided otherwise', async () => {
  const [denying, allowing] = [
    ['deny', 'git push --force'],
    ['allow', 'git push --force'],
  ].map(
    ([action, command]) =>
      `kind: ToolPolicy\nmetadata: {name: one}\nspec:\n  rules:\n    - {name: r, commands: ["${command}"], action: ${action}}\n`,
  );
  const run = await replay(['--stdin', '--json'], JSON.stringify({ rules: [denying, allowing] }));
  expect(JSON.parse(run.stdout)).toEqual([
    { calls: 170, matches: 10, changes: 10 },
    { calls: 170, matches: 10, changes: 0 },
  ]);
});

test('a folder chooses the calls that were made in it', async () => {
  expect(summaryOf(await replay(['--json', '--cwd', work.project])).calls).toBe(170);
  expect(summaryOf(await replay(['--json', '--cwd', place.folder])).calls).toBe(0);
});

test('a time span chooses calls, and what limits counted before it still counts', async () => {
  expect(summaryOf(await replay(['--json', '--until', '1d'])).calls).toBe(0);
  const middle = new Date(summaryOf(await replay(['--add', strict, '--json'])).changes[5]?.time ?? 0).toISOString();
  const run = summaryOf(await replay(['--json', '--since', middle]));
  expect([run.changed, run.calls > 0, run.calls < 170]).toEqual([0, true, true]);
});

test.each<[readonly string[], number, RegExp]>([
  [['--since', 'soon'], 64, /not a time/],
  [['--limit', 'many'], 64, /--limit/],
  [['--policy', 'x', '--add', 'y'], 64, /use one of both/],
  [['--add', 'missing.yaml'], 1, /missing\.yaml/],
])('%j ends with %i', async (args, exitCode, says) => {
  const run = await replay(args);
  expect([run.exitCode, run.stderr]).toEqual([exitCode, expect.stringMatching(says)]);
});

test('a file with a problem is not replayed: the problem is told with its place', async () => {
  const broken = join(place.folder, 'broken.yaml');
  writeFileSync(broken, 'kind: ToolPolicy\nmetadata: {name: b}\nspec: {rulez: []}\n');
  const run = await replay(['--add', broken]);
  expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/broken\.yaml:3:\d+: /)]);
});

test('calls without recorded facts are judged by how things are now, and counted as such', async () => {
  const home = join(place.folder, 'older');
  mkdirSync(home, { mode: 0o700 });
  const log = new AuditDatabase(join(home, 'audit.db'));
  const entry = {
    kind: 'decision',
    time: Date.now(),
    session: 's',
    agent: 'claude-code',
    callId: 'c',
    cwd: place.folder,
    mode: 'enforce',
  } as const;
  const digest = '2a9b4b6a1b5a';
  await log.append(
    { ...entry, tool: 'shell', nativeTool: 'Bash', arguments: { command: 'ls' }, argumentsDigest: digest, action: 'abstain' },
    'written',
  );
  await log.append(
    {
      ...entry,
      action: 'deny',
      reason: 'The session is paused.',
      tool: 'shell',
      nativeTool: 'Bash',
      arguments: {},
      argumentsDigest: digest,
    },
    'written',
  );
  log.close();
  const run = await place.run(['policy', 'replay', '--json'], '', { COUNTERSIGN_HOME: home });
  expect(summaryOf(run)).toMatchObject({ calls: 1, unsure: 1, doubts: { masked: 1, 'not-recorded': 1 }, skipped: { 'not-asked': 1 } });
});

test('many calls are judged in threads, which together say what one says', { timeout: 60_000 }, async () => {
  const home = join(place.folder, 'large');
  mkdirSync(home, { mode: 0o700 });
  const common = {
    kind: 'decision',
    agent: 'claude-code',
    cwd: place.folder,
    tool: 'shell',
    nativeTool: 'Bash',
    action: 'abstain',
    mode: 'enforce',
  } as const;
  bulkLog(join(home, 'audit.db'), 9000, (n) => {
    const input = { command: n % 3 === 0 ? 'npm run build' : `ls ${n % 50}` };
    return {
      ...common,
      time: Date.now() - n,
      session: `s${n % 40}`,
      callId: `c${n}`,
      arguments: input,
      argumentsDigest: digestOf(input),
    };
  });
  const args = ['policy', 'replay', '--add', strict, '--json', '--limit', '7'];
  const runs = await Promise.all(
    [[], ['--shard', '0/1']].map(async (more) => place.run([...args, ...more], '', { COUNTERSIGN_HOME: home })),
  );
  const [threads, one] = runs.map(summaryOf);
  expect(threads).toMatchObject({ calls: 9000, changed: 3000, changes: { length: 7 } });
  expect(threads).toEqual(one);
  const mistaken = await place.run(['policy', 'replay', '--add', 'missing.yaml'], '', { COUNTERSIGN_HOME: home });
  expect([mistaken.exitCode, mistaken.stderr]).toEqual([1, expect.stringMatching(/^countersign policy: .*missing\.yaml/)]);
});
