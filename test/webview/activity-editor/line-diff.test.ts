import { expect, test } from 'vitest';
import { changesOf } from '../../../src/webview/activity-editor/changes.ts';
import { lineDiff, type DiffLine } from '../../../src/webview/activity-editor/line-diff.ts';

const signs = { same: ' ', removed: '-', added: '+' } as const;
const shown = (lines: readonly DiffLine[]): readonly string[] =>
  lines.map((line) => (line.kind === 'gap' ? `@${line.count}` : `${signs[line.kind]}${line.text}`));
const diff = (before: string, after: string): readonly string[] => shown(lineDiff(before, after));

test.each<[string, string, string, readonly string[]]>([
  ['nothing and nothing', '', '', []],
  ['a new file', '', 'a\nb\n', ['+a', '+b']],
  ['all is gone', 'a\nb', '', ['-a', '-b']],
  ['a line is replaced', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
  ['a line comes between', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
  ['a line moves', 'a\nb\nc', 'b\nc\na', ['-a', ' b', ' c', '+a']],
  ['an empty line is a line', 'a', 'a\n\n', [' a', '+']],
  ['far from a change nothing is repeated', 'a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\ne\nF', ['@2', ' c', ' d', ' e', '-f', '+F']],
])('%s', (_, before, after, expected) => {
  expect(diff(before, after)).toEqual(expected);
});

test('what is removed and kept is the old text, what is kept and added the new one', () => {
  let seed = 3;
  const next = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff) % below;
  const text = (): string => Array.from({ length: next(7) }, () => `${'abc'[next(3)] ?? ''}\n`).join('');
  const wrong = Array.from({ length: 500 }, () => [text(), text()] as const).filter(([before, after]) => {
    const lines = lineDiff(before, after).filter((line) => line.kind !== 'gap');
    const of = (kind: string): string =>
      lines
        .filter((line) => line.kind === 'same' || line.kind === kind)
        .map((line) => `${line.text}\n`)
        .join('');
    // Beside a change, so few lines are never left out.
    return before !== after && hasNoGap(before, after) && (of('removed') !== before || of('added') !== after);
  });
  expect(wrong).toEqual([]);
});

function hasNoGap(before: string, after: string): boolean {
  return lineDiff(before, after).every(({ kind }) => kind !== 'gap');
}

test('two texts without anything in common, as long as an agent likes, are one replaced by the other', () => {
  const long = (word: string): string => Array.from({ length: 5000 }, (_, at) => `${word}${at}`).join('\n');
  expect(lineDiff(long('a'), long('b')).map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 5000 }, () => 'removed'),
    ...Array.from({ length: 5000 }, () => 'added'),
  ]);
});

test.each<[string, Parameters<typeof changesOf>, readonly (readonly string[])[] | undefined]>([
  ['an edit', ['edit', { file_path: '/a', old_string: 'x', new_string: 'y' }], [['-x', '+y']]],
  [
    'several edits',
    [
      'edit',
      {
        file_path: '/a',
        edits: [
          { old_string: 'x', new_string: 'y' },
          { old_string: '', new_string: 'z' },
        ],
      },
    ],
    [['-x', '+y'], ['+z']],
  ],
  ['a file that is written', ['write', { file_path: '/a', content: 'x\ny\n' }], [['+x', '+y']]],
  ['a command', ['shell', { command: 'ls' }], undefined],
  ['an edit whose text was removed', ['edit', { file_path: '/a', old_string: 7 }], undefined],
])('the change of %s', (_, call, expected) => {
  expect(changesOf(...call)?.pieces.map(shown)).toEqual(expected);
});
