import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { parsePolicyTestFile } from '../../../src/engine/policy/policy-test-file.ts';
import type { PolicyFile, Position } from '../../../src/engine/policy/policy-set.ts';
import { outcomesOfPolicy, outcomesOfTestFile, testsOfPolicy, testsOfTestFile } from '../../../src/engine/policy/test-list.ts';

const source = `kind: ToolPolicy
metadata: {name: team}
spec:
  rules:
    - name: untested
      commands: ls
      action: deny
    - name: no-force-push
      commands: ["git push --force"]
      action: deny
      message: It rewrites history.
      tests:
        deny:
          - git push --force
          - 'echo "it''s"'
          - |
            git push
            --force
        pass: [git push, "git push", {command: git pull, workspace: {branch: main}}]
---
kind: ToolPolicy
metadata: {name: more}
spec:
  rules:
    - {name: reads, tools: [read], action: require_approval, tests: {require_approval: [{tool: read}]}}
`;

const policy = (text = source): PolicyFile => parsePolicyFile({ path: 'team.yaml', layer: 'workspace', source: text, trusted: true });

test('each rule that has tests lists them as they stand in the file', () => {
  expect(testsOfPolicy(policy()).map(({ label, tests }) => [label, tests.map((one) => `${one.expected}: ${one.label}`)])).toEqual([
    [
      'team/no-force-push',
      [
        'deny: git push --force',
        `deny: echo "it's"`,
        'deny: git push\n--force\n',
        'pass: git push',
        'pass: git push',
        'pass: git pull {"workspace":{"branch":"main"}}',
      ],
    ],
    ['more/reads', ['require_approval: {"tool":"read"}']],
  ]);
});

test('two equal tests are two tests', () => {
  const ids = testsOfPolicy(policy())[0]?.tests.map(({ id }) => id) ?? [];
  expect(new Set(ids).size).toBe(6);
});

test('a test keeps its name when others come before it', () => {
  const before = testsOfPolicy(policy())[0]?.tests.map(({ id }) => id) ?? [];
  const after = testsOfPolicy(policy(source.replace('deny:\n', 'deny:\n          - rm -rf x\n')))[0]?.tests.map(({ id }) => id) ?? [];
  expect(after.filter((id) => before.includes(id))).toEqual(before);
});

test('a test stands where its text is, from the first character to the last', () => {
  const written = testsOfPolicy(policy()).flatMap(({ tests }) => tests.map(({ position }) => textAt(source, position)));
  expect(written).toEqual([
    'git push --force',
    `'echo "it''s"'`,
    '|\n            git push\n            --force',
    'git push',
    '"git push"',
    '{command: git pull, workspace: {branch: main}}',
    '{tool: read}',
  ]);
});

test('what became of each test says by which rule, and why', () => {
  const [, echo] = outcomesOfPolicy(policy());
  expect(echo).toMatchObject({
    group: 'team/no-force-push',
    passed: false,
    expected: 'deny',
    found: expect.stringMatching(/^pass\nbecause /),
  });
  expect(outcomesOfPolicy(policy()).map(({ passed }) => passed)).toEqual([true, false, false, true, true, true, true]);
});

const cases = `- {name: force, call: git push --force, expect: {action: deny, rule: no-force-push}}
- name: reading
  call: {tool: read}
  expect: {action: deny, rule: team/untested}
`;

test('the cases of a test file ask the files beside it', () => {
  const file = parsePolicyTestFile({ path: 'a.test.yaml', source: cases });
  expect(testsOfTestFile(file)[0]?.tests.map(({ label, position }) => [label, textAt(cases, position)])).toEqual([
    ['force', 'force'],
    ['reading', 'reading'],
  ]);
  expect(outcomesOfTestFile(file, [policy()])).toMatchObject([
    { passed: true, expected: 'deny\nby no-force-push', found: 'deny\nby team/no-force-push\nbecause It rewrites history.' },
    { passed: false, expected: 'deny\nby team/untested', found: expect.stringMatching(/^require_approval\nby more\/reads\nbecause /) },
  ]);
});

test('a file with a problem has no tests', () => {
  expect(testsOfPolicy(policy(source.replace('kind', 'kin')))).toEqual([]);
  expect(testsOfTestFile(parsePolicyTestFile({ path: 'a.test.yaml', source: '- {name: x}' }))).toEqual([]);
});

function textAt(text: string, { line, column, endLine, endColumn }: Position): string {
  const lines = text.split('\n').slice(line - 1, endLine);
  const cut = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, endColumn - 1)];
  return [(cut[0] ?? '').slice(column - 1), ...cut.slice(1)].join('\n');
}
