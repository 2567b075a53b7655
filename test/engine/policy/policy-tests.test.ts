import { expect, test } from 'vitest';
import { parsePolicyTestFile } from '../../../src/engine/policy/policy-test-file.ts';
import { runPolicyTestFile, runPolicyTests } from '../../../src/engine/policy/policy-tests.ts';
import { goodPolicy } from './policies.ts';

const pushes = goodPolicy(
  [
    'name: no-force-push, commands: ["git push --force", "git push -f"], action: deny, tests: {deny: ["git push origin main --force", "git push"], pass: ["git push origin main"]}',
  ],
  { name: 'base', spec: 'agent: nobody' },
);

test('tests beside a rule ask that rule, whatever the scope of its document', () => {
  expect(
    runPolicyTests(pushes).map(({ name, passed, expected, found, position }) => [name, passed, expected, found, position.line]),
  ).toEqual([
    ['base/no-force-push: git push origin main --force', true, 'deny', 'deny', 5],
    ['base/no-force-push: git push', false, 'deny', 'pass', 5],
    ['base/no-force-push: git push origin main', true, 'pass', 'pass', 5],
  ]);
});

test('a test file asks the whole set', () => {
  const file = parsePolicyTestFile({
    path: 'a.test.yaml',
    source: `- {name: force, call: git push -f, expect: {action: deny, rule: no-force-push}}
- {name: full name, call: git push -f, expect: {action: deny, rule: p/no-force-push}}
- {name: wrong rule, call: git push -f, expect: {action: deny, rule: other}}
- name: a call
  call: {tool: write, paths: {write: ["~/.env"]}}
  expect: {action: abstain}
- {name: wrong action, call: ls, expect: {action: deny}}
`,
  });
  expect(file.problems).toEqual([]);
  const set = { files: [goodPolicy(['name: no-force-push, commands: git push -f, action: deny'])] };
  expect(runPolicyTestFile(file, set).map(({ name, passed, found, position }) => [name, passed, found, position.line])).toEqual([
    ['force', true, 'deny by p/no-force-push', 1],
    ['full name', true, 'deny by p/no-force-push', 2],
    ['wrong rule', false, 'deny by p/no-force-push', 3],
    ['a call', true, 'abstain', 4],
    ['wrong action', false, 'abstain', 7],
  ]);
});

test('what is wrong with a test file has a place', () => {
  const file = parsePolicyTestFile({ path: 'a.test.yaml', source: '- {name: x, call: ls, expct: {action: deny}}\n' });
  expect(file.problems.map(({ position, message }) => [position.column, message])).toEqual([
    [23, 'Unknown field "expct", did you mean "expect"?'],
  ]);
});
