import { expect, test } from 'vitest';
import { keptRows, RowCache, type Places } from '../../../src/webview/activity-editor/row-cache.ts';
import { rowOf } from './fake-log.ts';

const all: Places = { from: -10, end: 1000 };
const filled = (...spans: readonly Places[]): RowCache => {
  const cache = new RowCache();
  for (const { from, end } of spans)
    cache.put(
      from,
      Array.from({ length: end - from }, (_, at) => rowOf(5000 - from - at)),
    );
  return cache;
};
const span = (from: number, end: number): Places => ({ from, end });

test.each<[string, readonly Places[], Places, Places | undefined]>([
  ['nothing is here: from the first wanted on, with what follows', [], span(0, 40), span(0, 200)],
  ['all of it is here', [span(0, 200)], span(20, 60), undefined],
  ['the end is missing', [span(0, 200)], span(180, 220), span(200, 400)],
  ['the beginning is missing: with what comes before', [span(400, 600)], span(380, 420), span(200, 400)],
  ['a hole in the middle', [span(0, 100), span(110, 300)], span(90, 130), span(100, 110)],
  ['beyond the oldest there is nothing: what comes before instead', [], span(980, 1040), span(800, 1000)],
  ['newer ones have places below zero', [span(0, 200)], span(-10, 30), span(-10, 0)],
])('what is to be fetched when %s', (_, known, wanted, expected) => {
  expect(filled(...known).missing(wanted, all)).toEqual(expected);
});

test('what is far from the rows in sight is let go, what is in sight is kept', () => {
  const cache = filled(span(0, 3000));
  cache.trim(span(2900, 2940));
  expect(cache.size).toBeLessThanOrEqual(keptRows);
  expect(cache.has(span(2900, 2940))).toBe(true);
  expect(cache.at(0)).toBeUndefined();
});
