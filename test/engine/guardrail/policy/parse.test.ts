import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';

const read = (source: string) => parsePolicyFile({ path: 'g.yaml', layer: 'user', source, trusted: true });
const detecting = (text: string) => read(`kind: GuardrailPolicy\nmetadata: {name: g}\nspec:\n  detect:\n    - ${text}\n`);

test('a guardrail as people write it', () => {
  const { problems, guardrails, documents, budgets } = read(`
kind: GuardrailPolicy
metadata: {name: no-secrets-out}
spec:
  agent: "*"
  applyTo: [prompt, input, output]
  tools: ["*"]
  detect:
    - {type: secret, action: redact}
    - {type: pii, kinds: [credit-card, iban, us-ssn, email, phone], action: require_approval}
    - {type: prompt-injection, action: alert}
    - {type: regex, name: customer-id, pattern: "CUST-\\\\d{8}", action: deny}
    - {type: keyword, words: [Project Bluebird], action: deny}
    - {type: secret/github-token, action: deny}
    - {type: review, name: health, prompt: Is it about health?, timeout: 500ms, onError: alert, action: deny}
    - {type: review, prompt: Is it?, action: alert}
  allow: ["test@example.com", {regex: "EXAMPLE_[A-Z]+", reason: they stand in the documentation}]
`);
  expect([problems, documents, budgets]).toEqual([[], [], []]);
  expect(guardrails).toMatchObject([
    {
      name: 'no-secrets-out',
      mode: 'enforce',
      detections: [
        { name: 'secret', detector: 'secret', action: 'redact' },
        { name: 'pii', detector: 'pii', action: 'require_approval' },
        { name: 'prompt-injection', detector: 'prompt-injection', action: 'alert' },
        { name: 'customer-id', kind: 'regex', action: 'deny' },
        { name: 'keyword', kind: 'keyword', action: 'deny' },
        { name: 'secret-github-token', detector: 'secret', action: 'deny' },
        { name: 'health', action: 'deny', review: { question: 'Is it about health?', timeoutMs: 500, onError: 'alert' } },
        { name: 'review', action: 'alert', review: { question: 'Is it?', timeoutMs: 2_000, onError: 'deny' } },
      ],
    },
  ]);
  const [guardrail] = guardrails;
  expect(['test@example.com', 'EXAMPLE_KEY', 'EXAMPLE_KEY2', 'x'].map((text) => guardrail?.allows(text, String))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ['{type: review, action: deny}', 5, 'The type "review" needs "prompt"'],
  ['{type: review, prompt: "Is it?", action: redact}', 5, 'A review says whether, not where'],
  ['{type: review, prompt: "Is it?", timeout: 11s, action: deny}', 5, 'A review takes 10s at most'],
  ['{type: review, prompt: "Is it?", onError: redact, action: deny}', 5, '"redact" is not valid here'],
  ['{type: secret, onError: deny, action: deny}', 5, '"onError" belongs to the type review'],
  ['{type: secret/github-tokn, action: deny}', 5, 'did you mean "secret/github-token"?'],
  ['{type: pii, kinds: [zero-width], action: deny}', 5, '"zero-width" is no kind of pii'],
  ['{type: secret, kinds: [email], action: deny}', 5, '"kinds" belongs to the type pii or prompt-injection or exfiltration'],
  ['{type: regex, action: deny}', 5, 'The type "regex" needs "pattern"'],
  ['{type: regex, pattern: "(", action: deny}', 5, 'Bad regular expression'],
  ['{type: regex, pattern: "x*", action: deny}', 5, 'it is found in any text'],
  ['{type: keyword, words: [], action: deny}', 5, 'A list of words cannot be empty'],
  ['{type: secret, action: block}', 5, '"block" is not valid here'],
])('%s is a mistake in line %d: %s', (text, line, message) => {
  const { problems, guardrails } = detecting(text);
  expect(guardrails).toEqual([]);
  expect(problems.map((problem) => [problem.position.line, problem.message])).toContainEqual([line, expect.stringContaining(message)]);
});

test.each([
  ['{text: a, regex: b}', 'exactly one of text, regex'],
  ['{reason: why}', 'exactly one of text, regex'],
  ['{regex: "["}', 'Bad regular expression'],
  ['{fingerprint: "0123456789abcdef"}', 'A fingerprint needs a reason'],
  ['{fingerprint: "0123456789abcdef", text: a, reason: why}', 'exactly one of'],
  ['{fingerprint: "the value itself", reason: why}', 'A fingerprint is the 16 hexadecimal digits'],
])('allowing %s is a mistake: %s', (entry, message) => {
  const { problems } = detecting(`{type: secret, action: redact}\n  allow: [${entry}]`);
  expect(problems).toMatchObject([{ message: expect.stringContaining(message) }]);
});

test('a guardrail may look for nothing, and only allow: but not neither', () => {
  const { problems, guardrails } = read(
    'kind: GuardrailPolicy\nmetadata: {name: g}\nspec:\n  allow: [{fingerprint: "0123456789abcdef", reason: made up}]\n',
  );
  expect([problems, guardrails.map(({ detections }) => detections)]).toEqual([[], [[]]]);
  const hashes = ['0123456789abcdef', 'fedcba9876543210'];
  expect(hashes.map((hash) => guardrails[0]?.allows('any', () => hash))).toEqual([true, false]);
  expect(read('kind: GuardrailPolicy\nmetadata: {name: g}\nspec: {mode: enforce}\n').problems).toMatchObject([
    { message: 'A guardrail has "detect", "allow" or both' },
  ]);
});
