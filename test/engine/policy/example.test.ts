import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Action } from '../../../src/engine/decision.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { TestCall } from '../../../src/engine/policy/schema.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';

const source = readFileSync(new URL('../../fixtures/policies/github-dev-agent.yaml', import.meta.url), 'utf8');
const file = parsePolicyFile({ path: 'github.yaml', layer: 'user', source, trusted: true });
const noUsage = { count: () => 0 };

function decideCall(
  tool: string,
  args: NonNullable<TestCall['arguments']> = {},
  server: string | undefined = 'github',
  agent = 'dev-assistant',
) {
  const request = testRequest({ tool, arguments: args, agent: { name: agent }, ...(server === undefined ? {} : { mcpServer: server }) });
  return decide({ files: [file] }, request, noUsage);
}

test('the example of the language page has no problems', () => {
  expect(file.problems).toEqual([]);
});

test.each<[string, string, NonNullable<TestCall['arguments']>, Action, string]>([
  ['a listed tool is allowed', 'create_issue', {}, 'allow', 'read-and-file'],
  ['another listed tool is allowed', 'get_file_contents', { path: 'README.md' }, 'allow', 'read-and-file'],
  ['a pull request to a feature branch is allowed', 'create_pull_request', { base: 'develop' }, 'allow', 'pull-requests-off-main'],
  ['a branch that only contains the name is allowed', 'create_pull_request', { base: 'maintenance' }, 'allow', 'pull-requests-off-main'],
  ['a pull request to main falls to the default', 'create_pull_request', { base: 'main' }, 'deny', '(default)'],
  ['a pull request to production falls to the default', 'create_pull_request', { base: 'production' }, 'deny', '(default)'],
  ['a pull request without a base cannot be judged', 'create_pull_request', {}, 'deny', 'pull-requests-off-main'],
  ['a base that is no text cannot be judged', 'create_pull_request', { base: 7 }, 'deny', 'pull-requests-off-main'],
  ['a merge needs a person', 'merge_pull_request', {}, 'require_approval', 'merges-need-a-person'],
  ['a delete is denied', 'delete_file', {}, 'deny', 'no-deletes'],
  ['a tool that nobody thought of is denied', 'fork_repository', {}, 'deny', '(default)'],
])('%s', (_, tool, args, action, rule) => {
  const decision = decideCall(tool, args);
  expect([decision.action, decision.rules.map((ref) => ref.rule)]).toEqual([action, [rule]]);
});

test('a condition that fails says which one, where and why', () => {
  expect(decideCall('create_pull_request').reason).toBe(
    'A condition of rule "pull-requests-off-main" could not be evaluated, so the call is denied: `!request.arguments.base.matches("^(main|production)$")` at github.yaml:16:16: No such key: base.',
  );
});

test('a denial shows the message of its rule', () => {
  expect(decideCall('delete_file').reason).toBe('Ask a maintainer; this repository is written through pull requests only.');
});

test('the person is asked for 30 minutes, then it is denied', () => {
  expect(decideCall('merge_pull_request').approval).toEqual({ timeoutMs: 1_800_000, onTimeout: 'deny', approvers: [], reason: 'optional' });
});

test.each<[string, string | undefined, string]>([
  ['another agent', 'github', 'claude-code'],
  ['another server', 'gitlab', 'dev-assistant'],
  ['a built-in tool', undefined, 'dev-assistant'],
])('%s is out of scope', (_, server, agent) => {
  const decision = decide(
    { files: [file] },
    testRequest({ tool: 'delete_file', agent: { name: agent }, ...(server === undefined ? {} : { mcpServer: server }) }),
    noUsage,
  );
  expect(decision.action).toBe('abstain');
});

test('the persona of an agent counts as its name', () => {
  const decision = decide(
    { files: [file] },
    testRequest({ tool: 'delete_file', mcpServer: 'github', agent: { name: 'claude-code', type: 'dev-assistant' } }),
    noUsage,
  );
  expect(decision.action).toBe('deny');
});
