import { expect, test } from 'vitest';
import { visibleSegments, visibleText } from '../../../src/engine/guardrail/visible-text.ts';

test.each<[string, string, string]>([
  ['plain text stays', 'git push --force', 'git push --force'],
  ['lines and tabs stay', 'a\n\tb', 'a\n\tb'],
  ['letters of every language and emoji stay', 'größe 名前 🚀', 'größe 名前 🚀'],
  ['text that turns around is shown as such', 'rm \u202Etxt.exe', 'rm ‹U+202E›txt.exe'],
  ['bidi isolates', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
  ['zero width characters', 'r\u200Bm\uFEFF', 'r‹U+200B›m‹U+FEFF›'],
  ['a carriage return, which would overwrite the line', 'safe\rrm -rf', 'safe‹U+000D›rm -rf'],
  ['escape sequences', '\u001B[2J', '‹U+001B›[2J'],
  ['spaces that are none', 'a\u00A0b\u3000c', 'a‹U+00A0›b‹U+3000›c'],
  ['fillers that look like nothing', '\u3164\u2800', '‹U+3164›‹U+2800›'],
  ['tag characters, in which text can be hidden', '\u{E0041}', '‹U+E0041›'],
  ['variation selectors, in which bytes can be hidden', 'a\uFE0F\u{E0101}', 'a‹U+FE0F›‹U+E0101›'],
  ['other characters that only format', 'a\uFFF9b', 'a‹U+FFF9›b'],
  ['half of a surrogate pair', 'a\uD800b', 'a‹U+D800›b'],
  ['other line separators', 'a\u2028b', 'a‹U+2028›b'],
])('%s', (_, text, seen) => {
  expect(visibleText(text)).toBe(seen);
});

test('what stands for a hidden character is marked, so that text cannot pretend to be it', () => {
  expect(visibleSegments('‹U+200B›\u200B')).toEqual([
    { text: '‹U+200B›', marked: false },
    { text: '‹U+200B›', marked: true },
  ]);
});
