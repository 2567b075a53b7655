import { expect, test } from 'vitest';
import { tomlValues } from '../../../src/storage/install/toml-values.ts';

const seen = (text: string) => tomlValues(text).map(({ path, value, start, end }) => [path.join('/'), value, text.slice(start, end)]);

test.each<[string, string, readonly (readonly [string, unknown, string])[]]>([
  ['nothing', '# only a comment', []],
  ['a table', '[a.b]\nc = "d" # e\n', [['a/b/c', 'd', '"d"']]],
  ['quoted and dotted names', '[a."b.c"]\nd . \'e f\' = true', [['a/b.c/d/e f', true, 'true']]],
  [
    'escapes, which literal strings have not',
    `a = "x\\"\\u00e9\\\\"\nb = 'c\\n'`,
    [
      ['a', 'x"é\\', '"x\\"\\u00e9\\\\"'],
      ['b', 'c\\n', "'c\\n'"],
    ],
  ],
  [
    'long strings',
    'a = """\nb "c" \\\n   d""""\ne = 1',
    [
      ['a', 'b "c" d"', '"""\nb "c" \\\n   d""""'],
      ['e', '1', '1'],
    ],
  ],
  ['lists over lines, with comments', 'a = [ "]", # "no"\n  [1, 2],\n]', [['a', [']', ['1', '2']], '[ "]", # "no"\n  [1, 2],\n]']]],
  [
    'tables in a line',
    'a = { b = "}", c.d = 2 }',
    [
      ['a', { b: '}' }, '{ b = "}", c.d = 2 }'],
      ['a/b', '}', '"}"'],
      ['a/c/d', '2', '2'],
    ],
  ],
  ['a date and its comment', 'a = 2026-11-29 10:00:00 # now', [['a', '2026-11-29 10:00:00', '2026-11-29 10:00:00']]],
  [
    'line ends of Windows',
    '[a]\r\nb = 1\r\nc = "d"\r\n',
    [
      ['a/b', '1', '1'],
      ['a/c', 'd', '"d"'],
    ],
  ],
])('%s', (_, text, values) => {
  expect(seen(text)).toEqual(values);
});

test('lists of tables do not run into each other', () => {
  expect(new Set(seen('[[a]]\nb = 1\n[[a]]\nb = 2').map(([path]) => path)).size).toBe(2);
});

test.each(['a', 'a = "b', '[a\nb = 1', 'a = ["1" 2]', 'a = '])('%s is not read as anything', (text) => {
  expect(() => tomlValues(text)).toThrow(/Line \d/);
});
