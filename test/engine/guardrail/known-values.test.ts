import { expect, test } from 'vitest';
import { knownValues } from '../../../src/engine/guardrail/known-values.ts';

const value = 'k3y/+ "of" mine?';
const known = knownValues(
  new Map([
    ['KEY', value],
    ['PIN', '73519284'],
    ['SHORT', 'abc'],
  ]),
);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const leftOf = (line: string): unknown => JSON.parse(known.inJson(line));

test.each<[string, string]>([
  ['as it is', value],
  ['in base64', base64(value)],
  ['in base64 for addresses', Buffer.from(value).toString('base64url')],
  ['as a part of an address', encodeURIComponent(value)],
  ['the same in small letters', encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase())],
])('a known value is taken out of texts and of JSON: %s', (_, written) => {
  expect(known.inText(`before ${written} after`)).toBe('before [secret KEY] after');
  expect(leftOf(JSON.stringify({ text: `<${written}>`, [written]: 1 }))).toEqual({ text: '<[secret KEY]>', '[secret KEY]': 1 });
});

test.each([
  ['user:', ':x'],
  ['u:', ''],
  ['us:', 'yz'],
  ['a', 'b'],
])('inside of more that is in base64 its middle is taken out: %s%s', (before, after) => {
  const left = known.inText(base64(before + value + after));
  expect(left).toContain('[secret KEY]');
  expect(Buffer.from(left.replace('[secret KEY]', ''), 'base64').toString('latin1')).not.toContain('of" m');
});

test('a value written with escapes is found, and what stands around it stays as it is written', () => {
  const escaped = value
    .split('')
    .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  expect(known.inJson(`{"a":"\\u0041", "b":"x${escaped}","n":1.0,"big":12345678901234567890}\n`)).toBe(
    '{"a":"\\u0041", "b":"x[secret KEY]","n":1.0,"big":12345678901234567890}\n',
  );
});

test('a number that is one becomes a text; JSON stays JSON', () => {
  expect(leftOf('[73519284,{"a":173519284,"b":"73519284"}, 1]')).toEqual(['[secret PIN]', { a: '1[secret PIN]', b: '[secret PIN]' }, 1]);
});

test.each([['{"a":"abc"}'], ['{"a":"k3y \\" of \\\\"}'], ['no JSON "at all'], ['{"a":"\\ud800"}']])(
  'other lines are what they were: %s',
  (line) => {
    expect(known.inJson(line)).toBe(line);
  },
);
