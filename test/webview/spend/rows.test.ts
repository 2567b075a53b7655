import { expect, test } from 'vitest';
import type { SpendRow } from '../../../src/engine/spend/report.ts';
import { firstChoice, queryOf, readChoice } from '../../../src/webview/spend/choice.ts';
import { sorted, sortedBy, type Column } from '../../../src/webview/spend/rows.ts';

function row(label: string, usd: number, output: number, responses: number, lastAt: number): SpendRow {
  const tokens = { input: 0, output, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const sum = { tokens, responses, webSearches: 0, usd, unpricedTokens: 0, notItemisedUsd: 0, isLowerBound: false };
  return { key: label, label, detail: '', sum, lastAt };
}

const rows = [row('b', 3, 10, 2, 100), row('a', 2, 30, 1, 300), row('c', 1, 20, 3, 200)];

test.each<[Column, boolean, string]>([
  ['usd', true, 'bac'],
  ['usd', false, 'cab'],
  ['label', false, 'abc'],
  ['tokens', true, 'acb'],
  ['responses', true, 'cba'],
  ['last', true, 'acb'],
])('sorted by %s, descending %s: %s', (column, descending, order) => {
  expect(
    sorted(rows, { column, descending })
      .map(({ label }) => label)
      .join(''),
  ).toBe(order);
});

test('a column’s head turns its order round; another column begins with what one looks for', () => {
  expect(sortedBy('usd', { column: 'usd', descending: true })).toEqual({ column: 'usd', descending: false });
  expect(sortedBy('tokens', { column: 'usd', descending: false })).toEqual({ column: 'tokens', descending: true });
  expect(sortedBy('label', { column: 'usd', descending: true })).toEqual({ column: 'label', descending: false });
});

test('a choice outlives the page; a broken one is the first again', () => {
  const choice = { ...firstChoice, period: 'month', by: 'subagent', session: { id: 's1', label: 'shop' } } as const;
  expect(readChoice(JSON.parse(JSON.stringify(choice)))).toEqual(choice);
  expect(readChoice({ ...choice, period: 'century' })).toEqual(firstChoice);
  expect(readChoice(undefined)).toEqual(firstChoice);
  expect(queryOf(choice, Date.now(), 'Europe/Rome')).toMatchObject({ by: 'subagent', step: 'day', timeZone: 'Europe/Rome', session: 's1' });
});
