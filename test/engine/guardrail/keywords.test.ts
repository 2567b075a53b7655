import { expect, test } from 'vitest';
import { keywords } from '../../../src/engine/guardrail/keywords.ts';

function hits(words: readonly string[], text: string, most = Infinity): readonly string[] {
  const found: string[] = [];
  keywords(words).scan(text, (word, end) => {
    found.push(`${words[word]}@${end}`);
    return found.length >= most ? 'stop' : undefined;
  });
  return found;
}

test.each<[string, readonly string[], string, readonly string[]]>([
  ['one', ['key'], 'a key', ['key@5']],
  ['of any case', ['Key'], 'KEY keY', ['Key@3', 'Key@7']],
  ['one within another', ['secretary', 'secret', 'eta'], 'secretary', ['secret@6', 'eta@7', 'secretary@9']],
  ['one that goes on where another began', ['abab', 'bac'], 'ababac', ['abab@4', 'bac@6']],
  ['overlapping with itself', ['aa'], 'aaaa', ['aa@2', 'aa@3', 'aa@4']],
  ['not over a foreign character', ['key'], 'keéy kéy', []],
  ['none', ['key'], '', []],
])('%s', (_, words, text, expected) => {
  expect(hits(words, text)).toEqual(expected);
});

test('it stops when told to', () => {
  expect(hits(['a'], 'aaaa', 2)).toEqual(['a@1', 'a@2']);
});
