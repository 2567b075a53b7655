import { expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { explainSteps } from '../../../src/engine/policy/steps.ts';
import { stepsText } from '../../../src/engine/policy/steps-text.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { unused } from './policies.ts';

const source = `kind: ToolPolicy
metadata: {name: team}
spec:
  defaultAction: require_approval
  rules:
    - name: pushes
      commands: [git push]
      unless: [{cel: 'request.session.calls > 5'}]
      action: deny
    - name: base
      tools: [shell]
      conditions: [{cel: 'request.arguments.base == "main"'}]
      action: allow
---
kind: ToolPolicy
metadata: {name: others}
spec:
  agent: [codex, 'gemini*']
  rules: [{name: nothing, tools: ['*'], action: deny}]
`;
const file = parsePolicyFile({ path: 'team.yaml', layer: 'user', source, trusted: true });
const explained = (command: string) => explainSteps({ files: [file] }, testRequest({ command, arguments: { base: 'dev' } }), unused);
const short = (command: string) =>
  explained(command).documents.map(({ policy, inScope, scope, rules, byDefault }) => [
    policy,
    inScope,
    scope.map(({ wants, result }) => `${wants} ${result}`),
    rules.map(({ rule, matched, steps }) => `${rule} ${matched} ${steps.map(({ field, result }) => `${field} ${result}`).join(', ')}`),
    byDefault,
  ]);

test('each document and rule says of each matcher whether it holds', () => {
  expect(short('git push')).toEqual([
    ['team', true, [], ['pushes true commands holds, unless holds', 'base false tools holds, conditions fails'], undefined],
    ['others', false, ['codex, gemini* fails'], [], undefined],
  ]);
});

test('where no rule applies, the default speaks', () => {
  expect(short('ls')[0]?.at(-1)).toBe('require_approval');
});

test('a condition that cannot be evaluated is told apart, and its rule denies', () => {
  const { documents } = explainSteps({ files: [file] }, testRequest('ls'), unused);
  expect(documents[0]?.rules[1]).toMatchObject({
    matched: true,
    action: 'deny',
    steps: [{}, { result: 'fault', note: expect.stringContaining('base') }],
  });
});

test.each(['git push', 'ls', 'git push --force && $X'])('%s: the explained decision is the decision', (command) => {
  const request = testRequest({ command, arguments: { base: 'dev' } });
  expect(explainSteps({ files: [file] }, request, unused).decision).toEqual(decide({ files: [file] }, request, unused));
});

test('what the policy sees of the call', () => {
  expect(explained('cat a | tee b; $X').call).toMatchObject({
    commands: ['cat a', 'tee b', '… …'],
    reads: ['/home/user/project/a'],
    writes: ['/home/user/project/b'],
    unknown: [expect.stringContaining('$X')],
  });
});

test('a file that cannot be used is named with what it does', () => {
  const broken = parsePolicyFile({ path: 'broken.yaml', layer: 'user', source: 'kind: [', trusted: true });
  const { broken: files, decision } = explainSteps({ files: [broken] }, testRequest('ls'), unused);
  expect([files[0]?.file, decision.action]).toEqual(['broken.yaml', 'deny']);
});

test('the text counts what does not apply, and shows it when asked', () => {
  const lines = (all: boolean) => stepsText(explained('git push'), all).join('\n');
  expect(lines(false)).toContain('1 rule does not apply');
  expect(lines(false)).not.toContain('base (line');
  expect(lines(true)).toContain('base (line 10) does not apply (allow)');
});

test('nothing that an agent hides in a command reaches the terminal', () => {
  expect(stepsText(explained('echo \u001B[2J\u202E'), true).join(' ')).not.toMatch(/\p{Cf}|\p{Cc}/u);
});
