import { expect, test } from 'vitest';
import { addAllow, addAllowing } from '../../../../src/engine/guardrail/policy/add-allow.ts';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';

// Digits that YAML takes for a number, and words that it takes for more than text.
const allowed = { fingerprint: '12e4567890123456', reason: 'it is "made up": # {see} the docs' };
const head = 'kind: GuardrailPolicy\nmetadata: {name: mine}\nspec:';

test.each<[string, string]>([
  ['no allow', `${head}\n  detect:\n    - {type: secret, action: deny}\n`],
  ['no allow, and no end of line', `${head}\n  detect:\n    - {type: secret, action: deny}`],
  [
    'no allow, and another document below',
    `${head}\n  detect:\n    - {type: secret, action: deny}\n---\nkind: ToolPolicy\nmetadata: {name: t}\nspec: {}\n`,
  ],
  ['a list in lines', `${head}\n  allow:\n    - "a@example.com"\n  detect:\n    - {type: secret, action: deny}\n`],
  ['a list in one line', `${head}\n  detect:\n    - {type: secret, action: deny}\n  allow: ["a@example.com", {regex: "E_[A-Z]+"}]\n`],
  ['an empty list', `${head}\n  detect:\n    - {type: secret, action: deny}\n  allow: []\n`],
  ['all in one line', `${head} {detect: [{type: secret, action: deny}]}\n`],
  [
    'another document of that name',
    `kind: ToolPolicy\nmetadata: {name: other}\nspec: {}\n---\n${head}\n  detect:\n    - {type: secret, action: deny}\n`,
  ],
])('it is added, and all else stays to the letter: %s', (_, source) => {
  const added = addAllow(source, 'mine', allowed, 'From entry 7\nof the log');
  const { source: text = '', offset = 0, inserted = '', line = 0 } = added ?? {};
  expect(text.slice(0, offset) + text.slice(offset + inserted.length)).toBe(source);
  expect(
    text
      .split('\n')
      .slice(line - 1)
      .join('\n'),
  ).toContain(allowed.fingerprint);
  const { problems, guardrails } = parsePolicyFile({ path: 'g.yaml', layer: 'user', source: text, trusted: true });
  expect(problems).toEqual([]);
  const mine = guardrails.find(({ name }) => name === 'mine');
  expect([mine?.allows('x', () => allowed.fingerprint), mine?.allows('x', () => 'other'), mine?.detections.length]).toEqual([
    true,
    false,
    1,
  ]);
});

test.each<[string, string]>([
  ['there is no such guardrail', 'kind: GuardrailPolicy\nmetadata: {name: another}\nspec: {detect: []}\n'],
  ['it is another kind', 'kind: ToolPolicy\nmetadata: {name: mine}\nspec: {}\n'],
  ['its list is an alias', 'kind: GuardrailPolicy\nmetadata: {name: mine}\nspec:\n  allow: *there\n'],
])('nothing is added where %s', (_, source) => expect(addAllow(source, 'mine', allowed, '')).toBeUndefined());

test.each(['', 'kind: ToolPolicy\nmetadata: {name: t}\nspec: {}', 'kind: ToolPolicy\nmetadata: {name: t}\nspec: {}\n'])(
  'a guardrail of its own goes below %j',
  (source) => {
    const { source: text, offset } = addAllowing(source, 'known', allowed, 'From entry 7');
    expect([text.slice(0, offset), offset]).toEqual([source, source.length]);
    const { problems, guardrails } = parsePolicyFile({ path: 'g.yaml', layer: 'user', source: text, trusted: true });
    expect([problems, guardrails.map(({ name }) => name)]).toEqual([[], ['known']]);
  },
);
