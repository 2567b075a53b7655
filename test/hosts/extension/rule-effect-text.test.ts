import { expect, test } from 'vitest';
import { ruleEffectText } from '../../../src/hosts/extension/rule-effect-text.ts';

test.each<[number, number, 'allow' | 'deny' | 'require_approval', string]>([
  [0, 0, 'deny', 'no call of last week'],
  [1, 1, 'deny', '1 call of last week, 1 newly denied'],
  [1200, 0, 'require_approval', '1,200 calls of last week, none decided otherwise'],
  [4, 2, 'require_approval', '4 calls of last week, 2 newly asked about'],
  [4, 0, 'allow', '4 calls of last week'],
])('a rule about %i calls that changes %i, %s: %s', (matches, changes, action, text) => {
  expect(ruleEffectText({ calls: 5000, matches, changes }, action, 'last week')).toBe(text);
});
