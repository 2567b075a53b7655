import { expect, test } from 'vitest';
import { csvHead, csvLine } from '../../../../src/engine/audit/export/csv.ts';
import { stored } from './stored.ts';

/** A reader of RFC 4180 that knows nothing of the writer. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

function cellOf(name: string, line: string): string | undefined {
  const [head = [], row = []] = parseCsv(csvHead + line);
  expect(row).toHaveLength(head.length);
  return row[head.indexOf(name)];
}

test.each([
  ['a plain text', 'Reading is fine.', 'Reading is fine.'],
  ['commas and quotes', 'a, "b"', 'a, "b"'],
  ['line ends', 'a\r\nb\nc', 'a\r\nb\nc'],
  ['a formula', '=HYPERLINK("http://evil")', '\'=HYPERLINK("http://evil")'],
  ['a sum', '+1+1', "'+1+1"],
  ['a difference', '-1', "'-1"],
  ['a function of old', '@SUM(A1)', "'@SUM(A1)"],
  ['a tab in front', '\t=1', "'\t=1"],
  ['a line end in front', '\n=1', "'\n=1"],
  ['nothing', '', ''],
])('%s arrives, and no spreadsheet runs it', (_, reason, read) => {
  expect(cellOf('reason', csvLine(stored({ reason }).record))).toBe(read);
});

test('arguments are JSON in one cell', () => {
  expect(cellOf('arguments', csvLine(stored({ arguments: { a: ['x,"y"'] } }).record))).toBe('{"a":["x,\\"y\\""]}');
});
