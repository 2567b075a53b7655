import { expect, test } from 'vitest';
import { ruleLine } from '../../../src/engine/policy/rule-line.ts';

const source = `kind: ToolPolicy
metadata: {name: first}
spec: {rules: [{name: a, action: deny}]}
---
kind: ToolPolicy
metadata:
  name: second
spec:
  defaultAction: deny
  rules:
    - {name: b, action: deny}

    - action: allow
      name: a
`;

test.each<[string, string, number]>([
  ['first', 'a', 3],
  ['second', 'a', 13],
  ['second', 'b', 11],
  ['second', '(default)', 9],
  ['second', 'gone', 9],
  ['neither', 'a', 1],
])('the rule %s/%s begins where it is written', (policy, rule, line) => {
  expect(ruleLine(source, policy, rule)).toBe(line);
});

test('a text that is no policy has only its first line', () => {
  expect(ruleLine('{', 'p', 'r')).toBe(1);
  expect(ruleLine('- metadata', 'p', 'r')).toBe(1);
});
