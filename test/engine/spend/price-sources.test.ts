import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, joinPrices } from '../../../scripts/prices/join.ts';
import type { Excerpt, SourceRow } from '../../../scripts/prices/row.ts';
import listed from '../../../src/engine/spend/prices.json' with { type: 'json' };

const sources = join(import.meta.dirname, '..', '..', '..', 'scripts', 'prices', 'sources');
const [current, history] = [read('pi-ai'), read('genai-prices')];

test('the two sources say the same about every model that both know', () => {
  expect(differences(current, history)).toEqual([]);
});

test('the list that is shipped is what its sources say', () => {
  expect(listed).toEqual(JSON.parse(JSON.stringify(joinPrices(current, history))));
});

test('every listed price names its source and the day it was read', () => {
  expect(listed.rows.filter(({ source, date }) => source === '' || !/^\d{4}-\d{2}-\d{2}$/.test(date))).toEqual([]);
});

const row: SourceRow = { models: ['m-1'], input: 1, output: 5, cacheRead: 0.1 };

test.each<[string, readonly SourceRow[], number]>([
  ['the same', [row], 0],
  [
    'the same since a day, something else before',
    [
      { ...row, input: 7 },
      { ...row, from: '2026-01-01' },
    ],
    0,
  ],
  ['something else since a day', [row, { ...row, from: '2026-01-01', input: 7 }], 1],
  ['another rate for the cache', [{ ...row, cacheRead: 0.2 }], 1],
  ['a tier that only one has', [{ ...row, tiers: [{ ...row, above: 200_000, input: 2 }] }], 1],
  ['nothing about the model', [{ ...row, models: ['m-2'], input: 9 }], 0],
])('a second source that says %s', (_, rows, found) => {
  expect(differences({ ...current, rows: [row] }, { ...history, rows })).toHaveLength(found);
});

function read(name: string): Excerpt {
  return JSON.parse(readFileSync(join(sources, `${name}.json`), 'utf8')) as Excerpt;
}
