import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/engine/json.ts';
import { leavesOf } from '../../../../src/engine/guardrail/policy/strings.ts';
import { reviewedLeaves, textOfLeaves, withoutSecrets } from '../../../../src/engine/guardrail/review/text.ts';

const sent = (value: JsonValue): string => textOfLeaves(reviewedLeaves(leavesOf(value)), new Map());

test.each<[string, JsonValue, string]>([
  ['a prompt: as it is', 'Write a poem', 'Write a poem'],
  ['arguments: each under its place', { command: 'ls', description: 'look' }, '$.command:\nls\n\n$.description:\nlook'],
  ['what only says which form a value has is left out', [{ type: 'text', text: 'hello' }], '$[0].text:\nhello'],
  ['a sentence in such a place is not', { type: 'a patient named Ada' }, '$.type:\na patient named Ada'],
  ['a name that is no plain name is a text', { 'Ada has a cold': 1 }, '$.*[0]~:\nAda has a cold'],
  ['pictures are left out', { mimeType: 'image/png', data: 'A'.repeat(400) }, ''],
  ['nothing to say', { stdout: '', stderr: ' ', interrupted: false }, ''],
])('%s', (_, value, text) => {
  expect(sent(value)).toBe(text);
});

test('what was found in a string is not in the text, nor what only the name beside it makes a secret', () => {
  const leaves = reviewedLeaves(leavesOf({ a: 'call 12345 now', password: 'Tr0ub4dor&3x' }));
  const text = textOfLeaves(leaves, new Map([[1, [{ kind: 'regex/number', start: 5, end: 10 }]]]));
  expect(text).toContain('$.a:\ncall [redacted: regex/number] now');
  expect(text).not.toMatch(/Tr0ub4dor|3x/);
  const mail = withoutSecrets('password: "Tr0ub4dor&3x", write to ada@example.org');
  expect(mail).not.toMatch(/Tr0ub4dor|3x|ada@/);
});
