import { expect, test } from 'vitest';
import type { Decision, RuleRef } from '../../src/engine/decision.ts';
import { testRequest } from '../../src/engine/policy/test-request.ts';
import { keptOf } from '../../src/governor/kept-call.ts';

const rule: RuleRef = {
  policy: 'p',
  rule: 'r',
  layer: 'user',
  digest: 'sha256:0',
  action: 'deny',
  mode: 'enforce',
  parts: [{ start: 0, end: 4 }],
};
const decision: Decision = {
  action: 'deny',
  reason: 'No.',
  rules: [rule],
  mode: 'enforce',
  autoApprove: false,
  observed: [],
  counted: [],
  redact: [],
};

test.each<[string, string, readonly string[], boolean]>([
  ['a command that is kept as it is keeps its parts', 'curl https://example.com', [], true],
  ['one in which a secret was masked does not', 'curl -H "Authorization: Bearer ghp_0123456789abcdefghijABCDEFGHIJ012345"', [], false],
  ['one that a policy hides does not', 'curl https://example.com', ['$.command'], false],
])('%s', (_, command, redact, keeps) => {
  const { rules } = keptOf(testRequest(command).call, { ...decision, redact });
  expect(rules[0]?.parts !== undefined).toBe(keeps);
});
