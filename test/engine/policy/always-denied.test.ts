import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alwaysDenied } from '../../../src/engine/policy/always-denied.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { goodPolicy, policy } from './policies.ts';
import { draft, fileOf, request, usage } from './properties/arbitrary.ts';

function rulesAgainst(tool: string, ...files: readonly PolicyFile[]): readonly string[] {
  const call = testRequest({ tool, arguments: {}, mcpServer: 'github', agent: { name: 'dev-assistant' } });
  return alwaysDenied({ files }, call).map(({ rule }) => rule);
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

test('whatever it says is always denied is denied', () => {
  const drafts = fc.array(draft(['organisation', 'user', 'workspace', 'built-in']), { minLength: 1, maxLength: 3 });
  let hidden = 0;
  fc.assert(
    fc.property(drafts, request, usage, (written, call, used) => {
      const files = written.map((one, index) => fileOf(one, index));
      if (alwaysDenied({ files }, call).length === 0) return;
      hidden += 1;
      const { action, mode } = decide({ files }, call, used);
      expect([action, mode]).toEqual(['deny', 'enforce']);
    }),
    { numRuns: 400, seed: 20_261_129 },
  );
  expect(hidden).toBeGreaterThan(30);
});
