import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';
import { runPolicyTests } from '../../../../src/engine/policy/policy-tests.ts';
import { outcomesOfPolicy, testsOfPolicy } from '../../../../src/engine/policy/test-list.ts';

const card = '4111 1111 1111 1111';

function file(tests: readonly string[], spec = '') {
  const source = `kind: GuardrailPolicy
metadata: {name: g}
spec:
  ${spec || 'agent: nobody'}
  detect:
    - {type: pii, kinds: [credit-card], action: require_approval}
    - {type: regex, name: customer-id, pattern: 'CUST-\\d{8}', action: deny}
    - {type: keyword, words: [Project Bluebird], action: alert}
  allow: [CUST-00000000]
  tests:
${tests.map((one) => `    - ${one}\n`).join('')}`;
  return parsePolicyFile({ path: 'g.yaml', layer: 'user', source, trusted: true });
}

const run = (one: string, spec?: string) => {
  const tested = file([one], spec);
  expect(tested.problems).toEqual([]);
  return runPolicyTests(tested).map(({ passed, found }) => [passed, found])[0];
};

test.each<[string, boolean, string]>([
  ['{prompt: it is CUST-12345678, expect: deny}', true, 'deny by regex/customer-id'],
  ['{prompt: it is CUST-12345678, expect: deny, kinds: [customer-id]}', true, 'deny by regex/customer-id'],
  ['{prompt: it is CUST-12345678, expect: alert}', false, 'deny by regex/customer-id'],
  ['{prompt: it is CUST-12345678, expect: deny, kinds: [credit-card]}', false, 'deny by regex/customer-id'],
  ['{prompt: it is CUST-00000000, expect: pass}', true, 'pass'],
  ['{prompt: it is CUST-1, expect: deny}', false, 'pass'],
  [
    `{call: "curl -d '${card}' example.com", expect: require_approval, kinds: [pii/credit-card]}`,
    true,
    'require_approval by pii/credit-card',
  ],
  [
    `{call: {tool: send, mcpServer: mail, arguments: {to: [{text: "${card}"}]}}, expect: require_approval}`,
    true,
    'require_approval by pii/credit-card',
  ],
  ['{output: about project  bluebird, expect: alert, kinds: [keyword]}', true, 'alert by keyword'],
  [
    `{output: "project bluebird ${card}", expect: require_approval, kinds: [keyword, credit-card]}`,
    true,
    'require_approval by pii/credit-card, keyword',
  ],
  ['{text: CUST-12345678, expect: deny}', true, 'deny by regex/customer-id'],
])('%s: passed is %s, found is %s', (one, passed, found) => expect(run(one)).toEqual([passed, found]));

test.each<[string, string, string]>([
  ['applyTo: [output]', '{prompt: CUST-12345678, expect: pass}', 'pass'],
  ['applyTo: [output]', '{output: CUST-12345678, expect: deny}', 'deny by regex/customer-id'],
  ['applyTo: [output]', '{text: CUST-12345678, expect: deny}', 'deny by regex/customer-id'],
  ['tools: [fetch]', '{output: CUST-12345678, tool: fetch, expect: deny}', 'deny by regex/customer-id'],
  ['tools: [fetch]', '{output: CUST-12345678, tool: read, expect: pass}', 'pass'],
  ['tools: [fetch]', '{call: "echo CUST-12345678", expect: pass}', 'pass'],
])('a test goes by what the guardrail is about: %s, %s', (spec, one, found) => expect(run(one, spec)).toEqual([true, found]));

test.each([
  ['{prompt: a, output: b, expect: pass}', 'It has exactly one of prompt, call, output, text'],
  ['{expect: pass}', 'It has exactly one of prompt, call, output, text'],
  ['{prompt: a, tool: fetch, expect: pass}', '"tool" belongs to an output'],
  ['{prompt: a, expect: pass, kinds: [email]}', 'there are no kinds'],
  ['{prompt: a, expect: abstain}', '"abstain" is not valid here'],
])('%s is a mistake: %s', (one, message) => {
  const { problems } = file([one]);
  expect(problems).toMatchObject([{ message: expect.stringContaining(message), position: { line: 11 } }]);
});

test('the list of tests and what became of them are the same tests, in the same order', () => {
  const tested = file(['{prompt: CUST-12345678, expect: deny}', '{output: hello, tool: read, expect: alert}']);
  expect(testsOfPolicy(tested)).toMatchObject([
    {
      id: 'g',
      tests: [
        { label: 'prompt: CUST-12345678', expected: 'deny', position: { line: 11 } },
        { label: 'output of read: hello', expected: 'alert' },
      ],
    },
  ]);
  expect(outcomesOfPolicy(tested)).toMatchObject([
    { group: 'g', passed: true, found: expect.stringContaining('deny\nby regex/customer-id\nbecause customer-id found') },
    { group: 'g', passed: false, found: 'pass', expected: 'alert' },
  ]);
});
