import { expect, test } from 'vitest';
import { scrollToRow, visibleRows } from '../../../src/webview/activity/window.ts';

test('however long the list, only rows in sight and a few around them are drawn', () => {
  expect(visibleRows(220_000, 220, 22, 100_000)).toEqual({ first: 9992, end: 10_018 });
});

test.each([
  ['at the top', 0, 10, { first: 0, end: 10 }],
  ['scrolled past a list that became short', 9000, 10, { first: 10, end: 10 }],
  ['nothing there', 0, 0, { first: 0, end: 0 }],
])('%s', (_, scrollTop, count, rows) => {
  expect(visibleRows(scrollTop, 220, 22, count)).toEqual(rows);
});

test.each([
  ['in sight: stays', 5, 0, 0],
  ['above: to its top', 5, 200, 110],
  ['below: just far enough', 10, 0, 22],
])('%s', (_, row, scrollTop, to) => {
  expect(scrollToRow(row, scrollTop, 220, 22)).toBe(to);
});
