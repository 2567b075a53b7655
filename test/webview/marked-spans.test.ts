import { expect, test } from 'vitest';
import { piecesOf } from '../../src/webview/marked-spans.ts';
import type { Span } from '../../src/engine/shell/analysis.ts';

const text = 'cd x && git push --force; ls';

test.each<[string, readonly Span[], string]>([
  ['no part: the text as it is', [], 'cd x && git push --force; ls'],
  ['one part', [{ start: 8, end: 24 }], 'cd x && [git push --force]; ls'],
  ['the whole', [{ start: 0, end: 28 }], '[cd x && git push --force; ls]'],
  [
    'two parts, in any order',
    [
      { start: 26, end: 28 },
      { start: 0, end: 4 },
    ],
    '[cd x] && git push --force; [ls]',
  ],
  [
    'parts that overlap or touch are one',
    [
      { start: 8, end: 16 },
      { start: 12, end: 24 },
      { start: 24, end: 25 },
    ],
    'cd x && [git push --force;] ls',
  ],
  [
    'what does not fit the text is left out',
    [
      { start: -1, end: 4 },
      { start: 5, end: 5 },
      { start: 20, end: 99 },
    ],
    'cd x && git push --force; ls',
  ],
])('%s', (_, spans, shown) => {
  const pieces = piecesOf(text, spans);
  expect(pieces.map((piece) => (piece.meant ? `[${piece.text}]` : piece.text)).join('')).toBe(shown);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
});
