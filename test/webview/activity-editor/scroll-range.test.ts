import { expect, test } from 'vitest';
import {
  barAt,
  claimedHeight,
  lastOffset,
  longest,
  offsetAfter,
  offsetShowing,
  rowHeight,
  rowsAt,
} from '../../../src/webview/activity-editor/scroll-range.ts';

const view = 880;
const few = 10_000;
const many = 5_000_000;

test('no list claims to be higher than a browser draws', () => {
  expect(claimedHeight(few)).toBe(few * rowHeight);
  expect(claimedHeight(many)).toBe(longest);
});

test.each([few, 1_000_000, many])('with %i rows, the bar’s ends are the list’s ends', (rows) => {
  const last = lastOffset(rows, view);
  const end = claimedHeight(rows) - view;
  expect(barAt(0, rows, view)).toBe(0);
  expect(barAt(last, rows, view)).toBeCloseTo(end, 3);
  expect(offsetAfter({ before: 5, now: 0 }, 500, rows, view)).toBe(0);
  expect(offsetAfter({ before: 0, now: end }, 0, rows, view)).toBeCloseTo(last, 3);
  expect(rowsAt(last, view, rows).end).toBe(rows);
});

test('in a list longer than its bar, the wheel moves pixel by pixel and the thumb by its share', () => {
  const middle = lastOffset(many, view) / 2;
  const bar = barAt(middle, many, view);
  expect(offsetAfter({ before: bar, now: bar + 100 }, middle, many, view)).toBeCloseTo(middle + 100, 3);
  expect(offsetAfter({ before: bar, now: bar * 1.5 }, middle, many, view)).toBeCloseTo(middle * 1.5, 0);
});

test.each([
  ['at the top', 0, { first: 0, end: 48 }],
  ['further down', 100 * rowHeight, { first: 92, end: 148 }],
  ['at the end', few * rowHeight - view, { first: few - 48, end: few }],
])('the rows in sight exist, and a few around them: %s', (_, offset, rows) => {
  expect(rowsAt(offset, view, few)).toEqual(rows);
});

test.each([
  ['in sight: nothing moves', 5, 0, 0],
  ['below: it becomes the last', 100, 0, 101 * rowHeight - view],
  ['above: it becomes the first', 3, 2200, 3 * rowHeight],
])('a row is brought into sight: %s', (_, row, offset, expected) => {
  expect(offsetShowing(row, offset, view)).toBe(expected);
});
