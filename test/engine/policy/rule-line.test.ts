import { expect, test } from 'vitest';
import { ruleLine, rulePlaces } from '../../../src/engine/policy/rule-line.ts';

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

test('every rule of a file is found, in the order of the file', () => {
  expect(rulePlaces(source)?.map(({ policy, rule, position }) => `${policy}/${rule} ${position.line}:${position.column}`)).toEqual([
    'first/a 3:16',
    'second/b 11:7',
    'second/a 13:7',
  ]);
  expect(rulePlaces('')).toEqual([]);
  expect(rulePlaces('{')).toBeUndefined();
});
