import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outlookOf, type Outlook } from '../../../src/engine/policy/outlook.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { githubTools } from '../../lab/mcp/github-tools.ts';
import { goodPolicy, policy } from './policies.ts';
import { shipped } from './shipped.ts';
import { draft, fileOf, request, usage } from './properties/arbitrary.ts';

function outlook(tool: string, ...files: readonly PolicyFile[]): Outlook | undefined {
  return outlookOf({ files }, testRequest({ tool, arguments: {}, mcpServer: 'github', agent: { name: 'dev-assistant' } }));
}

function rulesAgainst(tool: string, ...files: readonly PolicyFile[]): readonly string[] {
  const { calls, rules } = outlook(tool, ...files) ?? { calls: undefined, rules: [] };
  return calls === 'denied' ? rules.map(({ rule }) => rule) : [];
}

const deny = 'name: no, tools: [delete_file], action: deny';

test.each<[string, readonly PolicyFile[], readonly string[]]>([
  ['a rule that denies the tool', [goodPolicy([deny])], ['no']],
  ['its name with the server', [goodPolicy(['name: no, tools: ["github/*"], action: deny'])], ['no']],
  ['a rule without any matcher', [goodPolicy(['name: no, action: deny'])], ['no']],
  ['another tool', [goodPolicy(['name: no, tools: [fork], action: deny'])], []],
  ['another server', [goodPolicy([deny], { spec: 'mcpServer: gitlab' })], []],
  ['another agent', [goodPolicy([deny], { spec: 'agent: codex' })], []],
  ['only with a condition on arguments', [goodPolicy([`${deny}, conditions: [{cel: 'request.arguments.a == 1'}]`])], []],
  [
    'with a condition on its name alone',
    [goodPolicy([`name: no, action: deny, conditions: [{cel: 'request.tool.startsWith("delete_")'}]`])],
    ['no'],
  ],
  ['with a condition on another name', [goodPolicy([`name: no, action: deny, conditions: [{cel: 'request.tool == "fork"'}]`])], []],
  ['unless another server is meant', [goodPolicy([`${deny}, unless: [{cel: 'request.mcpServer == "gitlab"'}]`])], ['no']],
  ['unless its server is that one', [goodPolicy([`${deny}, unless: [{cel: 'request.mcpServer == "github"'}]`])], []],
  ['unless some argument says so', [goodPolicy([`${deny}, unless: [{cel: 'request.arguments.a == 1'}]`])], []],
  ['only for some paths', [goodPolicy([`${deny}, paths: {any: /etc/**}`])], []],
  ['a document that only observes', [goodPolicy([deny], { spec: 'mode: observe' })], []],
  ['a person only observes', [{ ...goodPolicy([deny]), onlyObserves: true }], []],
  ['an exemption', [goodPolicy([deny]), goodPolicy([], { name: 'q', top: 'exempt: [{rule: p/no, reason: agreed}]' })], []],
  [
    'what is over its time limit is not an exemption',
    [goodPolicy([deny]), goodPolicy([], { name: 'q', top: 'exempt: [{rule: p/no, reason: agreed, until: 2001-01-01}]' })],
    ['no'],
  ],
  [
    'a default that denies, no rule is about the tool',
    [goodPolicy(['name: a, tools: [list], action: allow'], { spec: 'defaultAction: deny' })],
    ['(default)'],
  ],
  [
    '… and a rule may let some calls through',
    [goodPolicy([`name: a, tools: [delete_file], action: allow, conditions: [{cel: 'false'}]`], { spec: 'defaultAction: deny' })],
    [],
  ],
  [
    '… and a rule about anything may',
    [goodPolicy([`name: a, action: abstain, conditions: [{cel: 'false'}]`], { spec: 'defaultAction: deny' })],
    [],
  ],
  [
    '… and the only rule about it denies as well',
    [goodPolicy([`${deny}, conditions: [{cel: 'request.arguments.a == 1'}]`], { spec: 'defaultAction: deny' })],
    ['(default)'],
  ],
  ['a file that cannot be used', [policy(['name: no, action: forbid'])], []],
])('%s', (_, files, rules) => {
  expect(rulesAgainst('delete_file', ...files)).toEqual(rules);
});

test('of the 11 tools that the language page speaks of, it hides those that it never allows', () => {
  const source = readFileSync(new URL('../../fixtures/policies/github-dev-agent.yaml', import.meta.url), 'utf8');
  const file = parsePolicyFile({ path: 'github.yaml', layer: 'user', source, trusted: true });
  const tools = ['create_issue', 'list_issues', 'get_file_contents', 'create_pull_request', 'merge_pull_request', 'delete_file', 'fork'];
  expect(tools.filter((tool) => rulesAgainst(tool, file).length > 0)).toEqual(['delete_file', 'fork']);
});

const ask = 'name: ask, tools: [merge], action: require_approval';
const closed = { spec: 'defaultAction: deny' };
const asksElse = { spec: 'defaultAction: require_approval' };
const some = `conditions: [{cel: 'request.arguments.a == 1'}]`;

test.each<[string, readonly PolicyFile[], string | undefined]>([
  ['no policy', [], undefined],
  ['a rule that asks about the tool', [goodPolicy([ask])], 'asked ask'],
  ['a rule that asks about all tools', [goodPolicy(['name: ask, action: require_approval'])], 'asked ask'],
  [
    'a condition on its name alone',
    [goodPolicy([`name: ask, action: require_approval, conditions: [{cel: 'request.tool == "merge"'}]`])],
    'asked ask',
  ],
  [
    'a condition of which its name decides enough',
    [goodPolicy([`${ask}, unless: [{cel: 'request.tool == "fork" && has(request.arguments.a)'}]`])],
    'asked ask',
  ],
  ['a rule about another tool', [goodPolicy(['name: ask, tools: [fork], action: require_approval'])], undefined],
  ['a rule that asks for some arguments', [goodPolicy([`${ask}, ${some}`])], 'may be asked ask'],
  ['a rule that asks for some paths', [goodPolicy([`${ask}, paths: {any: /etc/**}`])], 'may be asked ask'],
  [
    'a rule that asks when there were many',
    [goodPolicy(['name: many, tools: [merge], action: allow, rateLimit: {calls: 1, per: 1m}, onLimit: require_approval'])],
    'may be asked many',
  ],
  ['a rule about some arguments of any tool', [goodPolicy([`name: ask, action: require_approval, ${some}`])], undefined],
  ['… or of any server’s', [goodPolicy([`name: ask, action: require_approval, ${some}`], { spec: 'mcpServer: "*"' })], undefined],
  [
    '… or of that server’s',
    [goodPolicy([`name: ask, action: require_approval, ${some}`], { spec: 'mcpServer: github' })],
    'may be asked ask',
  ],
  ['a default that asks', [goodPolicy([], asksElse)], 'asked (default)'],
  ['… and a rule allows some', [goodPolicy([`name: a, tools: [merge], action: allow, ${some}`], asksElse)], 'may be asked (default)'],
  ['… and a rule allows it', [goodPolicy(['name: a, tools: [merge], action: allow'], asksElse)], undefined],
  ['… and a rule denies some', [goodPolicy([`name: a, tools: [merge], action: deny, ${some}`], asksElse)], 'asked (default)'],
  ['a default that denies, and a rule asks about some', [goodPolicy([`${ask}, ${some}`], closed)], 'asked (default)'],
  ['… or about it, and another allows some', [goodPolicy([ask, `name: a, action: allow, ${some}`], closed)], 'asked ask'],
  ['one document allows it, another asks', [goodPolicy(['name: a, action: allow']), goodPolicy([ask], { name: 'q' })], 'asked ask'],
  ['one asks, another denies', [goodPolicy([ask]), goodPolicy(['name: no, action: deny'], { name: 'q' })], 'denied no'],
  ['one asks, another denies some', [goodPolicy([ask]), goodPolicy([`name: no, action: deny, ${some}`], { name: 'q' })], 'asked ask'],
  ['a document that only observes', [goodPolicy([ask], { spec: 'mode: observe' })], undefined],
  ['another agent’s', [goodPolicy([ask], { spec: 'agent: codex' })], undefined],
  ['an exemption', [goodPolicy([ask]), goodPolicy([], { name: 'q', top: 'exempt: [{rule: p/ask, reason: agreed}]' })], undefined],
])('whether a tool asks: %s', (_, files, expected) => {
  const found = outlook('merge', ...files);
  expect(found && `${found.calls} ${found.rules.map(({ rule }) => rule).join()}`).toBe(expected);
});

test('of GitHub’s tools, our own policies ask about those that take away or reach others, and say nothing of the rest', () => {
  const of = (calls: string): readonly string[] => githubTools.filter((tool) => outlook(tool, ...shipped)?.calls === calls);
  expect(of('asked')).toEqual([
    'cancel_workflow_run',
    'delete_file',
    'delete_pending_pull_request_review',
    'delete_project_item',
    'delete_workflow_run_logs',
    'dismiss_notification',
    'fork_repository',
    'merge_pull_request',
    'run_workflow',
  ]);
  expect(of('may be asked')).toEqual(['create_or_update_file', 'push_files']);
  expect(of('denied')).toEqual([]);
});

test('what it says of all calls holds for each', () => {
  const drafts = fc.array(draft(['organisation', 'user', 'workspace', 'built-in']), { minLength: 1, maxLength: 3 });
  const met = { denied: 0, asked: 0 };
  fc.assert(
    fc.property(drafts, request, usage, (written, call, used) => {
      const files = written.map((one, index) => fileOf(one, index));
      const calls = outlookOf({ files }, call)?.calls;
      if (calls === undefined || calls === 'may be asked') return;
      met[calls] += 1;
      const { action, mode } = decide({ files }, call, used);
      expect([action, mode]).toEqual([calls === 'denied' || action === 'deny' ? 'deny' : 'require_approval', 'enforce']);
    }),
    { numRuns: 800, seed: 20_261_129 },
  );
  expect(Math.min(met.denied, met.asked)).toBeGreaterThan(60);
});
