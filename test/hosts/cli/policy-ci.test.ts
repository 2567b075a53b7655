import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { policy } from '../../../src/hosts/cli/policy.ts';
import * as z from 'zod/mini';
import { makePlace, type Place } from './run.ts';

let place: Place;

const head = 'kind: ToolPolicy\nmetadata: {name: team}\nspec:\n  rules:\n';
const good = `${head}    - {name: no-push, commands: [git push], action: deny, tests: {deny: [git push], pass: [git status]}}\n`;
const odd = `${head}    - {name: no-push, commands: [git push && rm], action: deny}\n`;
const hint = `${head}    - {name: no-lib, paths: {write: [lib/**]}, action: deny}\n`;
const bad = `${head}    - {name: no-push, comands: [git push], action: deny}\n`;
const failing = good.replace('pass: [git status]', 'pass: [git push -f "<&>"]');

const outside = { cwd: process.cwd(), home: process.env['HOME'] ?? '', state: process.env['COUNTERSIGN_HOME'] ?? '' };

beforeAll(() => {
  place = makePlace();
  // Of a home that is itself the workspace, nothing is known.
  Object.assign(process.env, { HOME: join(place.folder, 'home'), COUNTERSIGN_HOME: place.home });
  process.chdir(place.folder);
  mkdirSync(join(place.folder, '.countersign'));
  git('init', '-q');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
});

afterAll(() => {
  process.chdir(outside.cwd);
  Object.assign(process.env, { HOME: outside.home, COUNTERSIGN_HOME: outside.state });
  place[Symbol.dispose]();
});

beforeEach(() => write('.countersign/team.yaml', good));

const error = '.countersign/team.yaml:5:23: Unknown field "comands", did you mean "commands"?';
const warning =
  '.countersign/team.yaml:5:34: warning: Not even "git push && rm" matches this: each simple command of a line is matched by itself [never-matches]';

test.each<[string, string, readonly string[], number, string]>([
  ['nothing to say', good, [], 0, '1 file is fine.'],
  ['an error', bad, [], 2, error],
  ['a warning', odd, [], 0, `${warning}\n1 file is fine, with 1 warning.`],
  ['a warning where warnings fail', odd, ['--strict'], 2, `${warning}\n1 file is fine, with 1 warning.`],
  [
    'a hint, which never fails',
    hint,
    ['--strict'],
    0,
    '.countersign/team.yaml:5:38: hint: No file of this workspace matches this [matches-nothing-here]\n1 file is fine, with 1 hint.',
  ],
])('lint: %s', async (_, source, options, exitCode, stdout) => {
  write('.countersign/team.yaml', source);
  expect(await run(['lint', ...options])).toEqual({ exitCode, stdout: `${stdout}\n`, stderr: '' });
});

test.each<[string, readonly string[], number]>([
  ['an unknown format is wrong usage', ['policy', 'lint', '--format', 'xml'], 64],
  ['two formats are wrong usage', ['policy', 'test', '--format', 'junit', '--json'], 64],
  ['a file that is not there is a failure of the command', ['policy', 'lint', 'nowhere.yaml'], 1],
  ['a test that fails is something found', ['policy', 'test', '--format', 'junit'], 2],
])('%s', async (_, args, exitCode) => {
  write('.countersign/team.yaml', failing);
  expect((await place.run(args)).exitCode).toBe(exitCode);
});

/** What the standard requires, and what code scanning reads. */
const text = z.object({ text: z.string() });
const sarif = z.object({
  $schema: z.string(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.object({
      tool: z.object({ driver: z.object({ name: z.string(), rules: z.array(z.object({ id: z.string(), shortDescription: text })) }) }),
      results: z.array(
        z.object({
          ruleId: z.string(),
          ruleIndex: z.int(),
          level: z.enum(['error', 'warning', 'note']),
          message: text,
          locations: z.tuple([
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string(), uriBaseId: z.optional(z.string()) }),
                region: z.object({ startLine: z.int(), startColumn: z.int(), endLine: z.int(), endColumn: z.int() }),
              }),
            }),
          ]),
        }),
      ),
    }),
  ]),
});

test.each<[string, readonly string[], string, string, number, string, string]>([
  ['an error', ['lint'], bad, 'error', 2, 'error', '5:23-5:30'],
  ['a warning', ['lint'], odd, 'warning', 0, 'never-matches', '5:34-5:48'],
  ['a hint', ['lint'], hint, 'note', 0, 'matches-nothing-here', '5:38-5:44'],
  ['a test that fails', ['test'], failing, 'error', 2, 'test', '5:92-5:109'],
])('SARIF: %s, at its place below the folder that the command runs in', async (_, verb, source, level, exitCode, ruleId, at) => {
  write('.countersign/team.yaml', source);
  const told = await run([...verb, '--format', 'sarif', join(place.folder, '.countersign', 'team.yaml')]);
  expect(told.exitCode).toBe(exitCode);
  const [{ results, tool }] = sarif.parse(JSON.parse(told.stdout)).runs;
  expect(tool.driver.rules.map(({ id }) => id)).toEqual([ruleId]);
  expect(results).toMatchObject([{ ruleId, ruleIndex: 0, level }]);
  const places = results.map(({ locations: [{ physicalLocation }] }) => {
    const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
    return [physicalLocation.artifactLocation, `${startLine}:${startColumn}-${endLine}:${endColumn}`];
  });
  expect(places).toEqual([[{ uri: '.countersign/team.yaml', uriBaseId: 'ROOT' }, at]]);
});

test('JUnit: each test of a policy is a case, and texts cannot break out of it', async () => {
  write('.countersign/team.yaml', failing);
  const { stdout } = await run(['test', '--format', 'junit']);
  const where = 'classname=".countersign/team.yaml" file=".countersign/team.yaml" line="5" time="0"';
  expect(stdout.split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="countersign policy test" tests="2" failures="1" errors="0" skipped="0" time="0">',
    '  <testsuite name=".countersign/team.yaml" tests="2" failures="1" errors="0" skipped="0" time="0">',
    `    <testcase name="team/no-push: git push" ${where}/>`,
    `    <testcase name="team/no-push: git push -f &quot;&lt;&amp;&gt;&quot;" ${where}>`,
    expect.stringMatching(
      /^ {6}<failure message="team\/no-push: git push -f &quot;&lt;&amp;&gt;&quot;: expected pass, found deny" type="failure">[^<>]+<\/failure>$/,
    ),
    '    </testcase>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ]);
});

test('JUnit: a file without findings is a case that passes, a warning one that fails', async () => {
  expect((await run(['lint', '--format', 'junit'])).stdout).toContain(' tests="1" failures="0" ');
  write('.countersign/team.yaml', odd);
  const { stdout } = await run(['lint', '--format', 'junit']);
  expect(stdout).toContain('<testcase name="never-matches at 5:34"');
  expect(stdout).toContain(' tests="1" failures="1" ');
});

test('an approver who never wrote to the repository is a warning', async () => {
  write(
    '.countersign/team.yaml',
    `${head}    - {name: ask, tools: [merge], action: require_approval, approval: {approvers: [Ada, Eve]}}\n`,
  );
  git('add', '.');
  git('commit', '-qm', 'Ask', '--no-verify');
  const { stdout } = await run(['lint']);
  expect(stdout).toContain('5:89: warning: Nobody that is known here is "Eve"');
  expect(stdout).not.toContain('"Ada"');
});

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'hosts', 'cli', 'main.ts');

/** As docs/policies-in-ci.md has it. */
const preCommitConfig = `repos:
  - repo: local
    hooks:
      - id: countersign-lint
        name: countersign policy lint
        entry: countersign policy lint --strict
        language: system
        files: ^\\.countersign/.*\\.ya?ml$
`;
const plainHook = `#!/bin/sh
git diff --cached --name-only --diff-filter=d -z -- '.countersign/*.yaml' '.countersign/*.yml' | xargs -0 -r countersign policy lint --strict
`;

test('a git hook keeps a mistake out of the repository', () => {
  write('.git/hooks/pre-commit', plainHook);
  chmodSync(join(place.folder, '.git', 'hooks', 'pre-commit'), 0o755);
  expect(commits()).toEqual([1, expect.stringContaining(error), 0]);
});

const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0;

test.skipIf(!hasPreCommit)(
  'the hook of pre-commit keeps a mistake out of the repository',
  () => {
    write('.pre-commit-config.yaml', preCommitConfig);
    execFileSync('pre-commit', ['install', '-f'], { cwd: place.folder, env: environment() });
    expect(commits()).toEqual([1, expect.stringContaining(error), 0]);
  },
  60_000,
);

/** The command, in this process: starting a program for each row would take longer than all it does. */
async function run(args: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await policy.run(args, {
    out: (line) => void (written.stdout += `${line}\n`),
    err: (line) => void (written.stderr += `${line}\n`),
    stdin: process.stdin,
    interactive: false,
    colours: false,
  });
  return { exitCode, ...written };
}

/** What becomes of a commit with a mistake, and of one without. */
function commits(): readonly [status: number | null, said: string, then: number | null] {
  const commit = (source: string) => {
    write('.countersign/team.yaml', source);
    git('add', '.');
    return spawnSync('git', ['commit', '-qm', 'Change', '--allow-empty'], { cwd: place.folder, env: environment(), encoding: 'utf8' });
  };
  const refused = commit(bad);
  return [refused.status, `${refused.stdout}${refused.stderr}`, commit(good).status];
}

function environment(): NodeJS.ProcessEnv {
  const bin = join(place.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'countersign'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  return {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: place.folder,
    COUNTERSIGN_HOME: place.home,
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { cwd: place.folder, env: environment() });
}

function write(path: string, source: string): void {
  writeFileSync(join(place.folder, path), source);
}
