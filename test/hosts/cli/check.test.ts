import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/engine/audit/canonical.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { entryOf } from '../../storage/samples.ts';
import { githubToken } from '../../governor/guard-fixture.ts';
import { makePlace, type Place } from './run.ts';

const example = `
kind: ToolPolicy
metadata: {name: example}
spec:
  rules:
    - {name: no-force-push, commands: ["git push --force"], action: deny, message: It rewrites history that others have.}
    - {name: ask-to-deploy, commands: ["./deploy.sh"], action: require_approval}
    - {name: look, commands: ["ls"], action: allow}
`;

function message(command: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    session_id: 's',
    transcript_path: '/t',
    cwd: '/tmp',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 't1',
    ...more,
  };
}

function policyFile(place: Place): string {
  const file = join(place.folder, 'example.yaml');
  writeFileSync(file, example);
  return file;
}

test.each([
  ['git push origin main --force', 'deny', 2],
  ['./deploy.sh now', 'require_approval', 2],
  ['ls -la', 'allow', 0],
  ['make', 'abstain', 0],
])('`%s` is %s, exit code %i', async (command, action, exitCode) => {
  using place = makePlace();
  const run = await place.run(['check', '--policy', policyFile(place)], JSON.stringify(message(command)));
  expect(JSON.parse(run.stdout)).toMatchObject({ action, call: { agent: 'claude-code', tool: 'shell', nativeTool: 'Bash' } });
  expect(run.exitCode).toBe(exitCode);
});

test('a decision names the rule, its layer and the digest of its source', async () => {
  using place = makePlace();
  const { stdout } = await place.run(['check', '--policy', policyFile(place)], JSON.stringify(message('git push --force')));
  expect(JSON.parse(stdout)).toMatchObject({
    reason: 'It rewrites history that others have.',
    mode: 'enforce',
    rules: [{ policy: 'example', rule: 'no-force-push', layer: 'user', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }],
  });
});

test.each([
  ['no JSON', 'x'],
  ['nothing', ''],
  ['a message without a tool', JSON.stringify({ ...message('ls'), tool_name: undefined })],
])('what cannot be read is refused: %s', async (_, input) => {
  using place = makePlace();
  const run = await place.run(['check', '--policy', policyFile(place)], input);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/^countersign check: .+\n$/);
});

test('a policy with an error denies, naming file, line and column', async () => {
  using place = makePlace();
  const file = join(place.folder, 'broken.yaml');
  writeFileSync(file, 'kind: ToolPolicy\nmetadata: {name: x}\nspec:\n  rulez: []\n');
  const run = await place.run(['check', '--policy', file], JSON.stringify(message('ls')));
  expect(JSON.parse(run.stdout)).toMatchObject({ action: 'deny', reason: expect.stringContaining(`${file}:4:3`) });
  expect(run.exitCode).toBe(2);
});

test('without --policy, the layers in force for --cwd', async () => {
  using place = makePlace();
  mkdirSync(join(place.folder, 'repo', '.countersign'), { recursive: true });
  writeFileSync(join(place.folder, 'repo', '.countersign', 'p.yaml'), example);
  const inside = await place.run(['check', '--cwd', join(place.folder, 'repo')], JSON.stringify(message('git push --force')));
  const outside = await place.run(['check', '--cwd', place.folder], JSON.stringify(message('git push --force')));
  // Without a rule of one's own, what we ship asks.
  expect([JSON.parse(inside.stdout).action, JSON.parse(outside.stdout).action]).toEqual(['deny', 'require_approval']);
});

test('the packs that a given file names apply, and only those', async () => {
  using place = makePlace();
  const path = join(place.folder, 'packs.yaml');
  writeFileSync(path, 'kind: ToolPolicy\nmetadata: {name: p}\nspec: {packs: [kubernetes]}\n');
  const asked = await place.run(['check', '--policy', path], JSON.stringify(message('kubectl apply -f x.yaml')));
  const free = await place.run(['check', '--policy', path], JSON.stringify(message('git push')));
  expect([JSON.parse(asked.stdout).rules[0].policy, JSON.parse(free.stdout).action]).toEqual(['kubernetes', 'abstain']);
});

test('self-protection always applies', async () => {
  using place = makePlace();
  const run = await place.run(['check', '--policy', policyFile(place)], JSON.stringify(message(`cat ${place.home}/client-token`)));
  expect(JSON.parse(run.stdout)).toMatchObject({ action: 'deny', rules: [{ layer: 'built-in' }] });
});

test('a message that says only what would be done is enough', async () => {
  using place = makePlace();
  const run = await place.run(
    ['check', '--policy', policyFile(place)],
    JSON.stringify({ tool_name: 'Bash', tool_input: { command: 'git push --force' } }),
  );
  expect(JSON.parse(run.stdout)).toMatchObject({ action: 'deny', rules: [{ rule: 'no-force-push' }] });
});

test('--explain tells of every rule what it thought', async () => {
  using place = makePlace();
  const { stdout } = await place.run(['check', '--policy', policyFile(place), '--explain'], JSON.stringify(message('ls')));
  const { considered } = JSON.parse(stdout);
  expect(considered.filter((one: { policy: string }) => one.policy === 'example')).toMatchObject([
    { rule: 'no-force-push', matched: false, why: expect.stringContaining('commands') },
    { rule: 'ask-to-deploy', matched: false },
    { rule: 'look', matched: true },
  ]);
});

test('JSON Lines: one answer a line, in order; a bad line is denied and does not stop the rest', async () => {
  using place = makePlace();
  const lines = [
    JSON.stringify({ id: 7, agent: 'claude-code', message: message('git push --force') }),
    '{broken',
    JSON.stringify({ id: 'x', message: {} }),
    JSON.stringify(message('ls')),
  ];
  const run = await place.run(['check', '--policy', policyFile(place), '--jsonl'], `${lines.join('\n')}\n`);
  expect(run.exitCode).toBe(0);
  expect(
    run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { id: 7, action: 'deny' },
    { action: 'deny', error: expect.any(String) },
    { id: 'x', action: 'deny', error: expect.any(String) },
    { action: 'allow' },
  ]);
});

test('an agent name that is no adapter is the name that policies see', async () => {
  using place = makePlace();
  const file = join(place.folder, 'dev.yaml');
  writeFileSync(file, 'kind: ToolPolicy\nmetadata: {name: dev}\nspec: {agent: dev-assistant, defaultAction: deny}\n');
  const named = await place.run(['check', '--policy', file, '--agent', 'dev-assistant'], JSON.stringify(message('ls')));
  const other = await place.run(['check', '--policy', file], JSON.stringify(message('ls')));
  expect([JSON.parse(named.stdout).action, JSON.parse(other.stdout).action]).toEqual(['deny', 'abstain']);
});

test.each([
  [['nonsense'], 64],
  [['check', '--nonsense'], 64],
  [['kill'], 64],
  [['audit', 'show'], 64],
  [['--help'], 0],
  [['check', '--help'], 0],
  [['--version'], 0],
])('%j ends with %i', async (args, exitCode) => {
  using place = makePlace();
  expect((await place.run(args)).exitCode).toBe(exitCode);
});

test('a recorded call is explained by its number', async () => {
  using place = makePlace();
  mkdirSync(place.home, { mode: 0o700 });
  const log = new AuditDatabase(join(place.home, 'audit.db'));
  await log.append(
    entryOf({ arguments: { command: 'git push --force' }, argumentsDigest: digestOf({ command: 'git push --force' }) }),
    'written',
  );
  log.close();
  const explain = (seq: string) => place.run(['policy', 'explain', seq, '--policy', policyFile(place)]);
  expect((await explain('1')).stdout).toMatch(/^deny: It rewrites.*What the call depended on was not recorded/s);
  expect(await explain('2')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no entry 2') });
  expect(await explain('x')).toMatchObject({ exitCode: 64 });
});

test.each<[string, readonly string[], string, RegExp]>([
  [
    'a command, with the rules that apply',
    ['--command', 'git push --force'],
    '',
    /^deny: It rewrites.*example · user .*no-force-push \(line 6\) applies: deny/s,
  ],
  ['a message, with every rule', ['--all'], JSON.stringify(message('make')), /no  commands: \.\/deploy\.sh/],
  ['data', ['--command', 'ls', '--json'], '', /^\{"decision":\{"action":"allow".*"documents":\[\{"policy":"example"/],
])('%s: a call is explained', async (_, args, input, said) => {
  using place = makePlace();
  expect((await place.run(['policy', 'explain', '--policy', policyFile(place), ...args], input)).stdout).toMatch(said);
});

test('a call is explained by what an editor has not saved', async () => {
  using place = makePlace();
  const drafts = [{ path: policyFile(place), text: example.replace('git push --force', 'make it') }];
  const asked = { drafts, message: message('make it') };
  expect((await place.run(['policy', 'explain', '--stdin'], JSON.stringify(asked))).stdout).toMatch(/^deny: It rewrites/);
});

const guardrails = `
kind: GuardrailPolicy
metadata: {name: no-secrets}
spec: {detect: [{type: secret, action: deny}, {type: keyword, words: [Bluebird], action: alert}]}
---
kind: GuardrailPolicy
metadata: {name: outputs}
spec: {applyTo: [output], detect: [{type: regex, pattern: echo, action: deny}]}
`;

test('guardrails have a say about arguments, and what they found is told without its value', async () => {
  using place = makePlace();
  const file = join(place.folder, 'guard.yaml');
  writeFileSync(file, guardrails);
  const asked = JSON.stringify(message(`echo bluebird ${githubToken}`));
  const run = await place.run(['check', '--explain', '--policy', file], asked);
  const answer = JSON.parse(run.stdout);
  expect([run.exitCode, answer.action, answer.reason]).toEqual([2, 'deny', expect.stringContaining('a GitHub token in $.command')]);
  expect(answer.rules).toMatchObject([{ policy: 'no-secrets', rule: 'secret' }]);
  expect(answer.findings).toMatchObject([
    { kind: 'secret/github-token', place: '$.command', effect: 'refuse' },
    { kind: 'keyword', effect: 'none' },
  ]);
  expect(answer.considered).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ policy: 'no-secrets', rule: 'secret', matched: true, action: 'deny' }),
      expect.objectContaining({ policy: 'no-secrets', rule: 'keyword', matched: true, action: 'abstain' }),
    ]),
  );
  expect(run.stdout).not.toContain(githubToken);
  const explained = await place.run(['policy', 'explain', '--policy', file], asked);
  expect(explained.stdout).toMatch(/secret \(line 3\) applies: deny\n +yes detect: secret\/github-token in \$\.command: deny/);
});
