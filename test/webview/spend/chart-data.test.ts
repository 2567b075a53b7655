import { describe, expect, test } from 'vitest';
import type { BudgetStanding } from '../../../src/engine/budget/standing.ts';
import type { SpendQuery } from '../../../src/engine/spend/report.ts';
import { listPrices, listWebSearchUsd } from '../../../src/engine/spend/list-prices.ts';
import { pricesOf } from '../../../src/engine/spend/price.ts';
import { chartData, mostSeries, stacked, type ChartRequest } from '../../../src/webview/spend/chart-data.ts';
import { reportOf, type Use } from './spend-double.ts';

const midnight = new Date(2026, 10, 20).getTime();
const hour = 3_600_000;
const query: SpendQuery = { since: midnight, until: midnight + 4 * hour, by: 'model', step: 'hour', timeZone: 'UTC' };
const prices = pricesOf(
  listPrices,
  listWebSearchUsd,
  Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`m${n}`, [{ input: 1, output: 1 }]])),
);

/** `dollars` of model `m<n>`. */
function use(n: number, at: number, dollars: number): Use {
  const tokens = { input: dollars * 1e6, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  return { at, session: 's1', agent: 'claude-code', model: `m${n}`, workspace: '/shop', tokens };
}

function request(uses: readonly Use[], over: Partial<ChartRequest> = {}): ChartRequest {
  const asked = over.query ?? query;
  return { report: reportOf(uses, asked, prices), query: asked, budgets: [], period: 'today', shape: 'steps', ...over };
}

test('each step shows what it cost, the dearest at the bottom', () => {
  const { series, starts } = chartData(
    request([use(1, midnight, 1), use(2, midnight + hour, 5), use(1, midnight + hour, 2)]),
    midnight + hour,
  );
  expect(starts).toEqual([0, 1, 2, 3].map((n) => (midnight + n * hour) / 1_000));
  expect(series).toEqual([
    { key: 'm2', label: 'm2', values: [0, 5, 0, 0] },
    { key: 'm1', label: 'm1', values: [1, 2, 0, 0] },
  ]);
  expect(stacked({ series, shape: 'steps' })).toEqual([
    [null, 5, null, null],
    [1, 7, null, null],
  ]);
});

test('the chart begins with the period, also where the records begin later', () => {
  const whole = request([use(1, midnight + hour, 1)]);
  const { from, starts } = chartData({ ...whole, report: { ...whole.report, steps: whole.report.steps.slice(1) } }, midnight);
  expect([from, starts[0]]).toEqual([midnight / 1_000, (midnight + hour) / 1_000]);
});

test('a running total ends now', () => {
  const { series } = chartData(request([use(1, midnight, 1), use(1, midnight + hour, 2)], { shape: 'running' }), midnight + 2.5 * hour);
  expect(series.map(({ values }) => values)).toEqual([[1, 3, 3, null]]);
  expect(stacked({ series, shape: 'running' })).toEqual([[1, 3, 3, null]]);
});

test('what would need too many colours is one series', () => {
  const uses = Array.from({ length: 9 }, (_, n) => use(n, midnight, 10 - n));
  const { series } = chartData(request(uses), midnight);
  expect(series).toHaveLength(mostSeries + 1);
  expect(series.at(-1)).toMatchObject({ label: '3 others', values: [4 + 3 + 2, 0, 0, 0] });
});

test('what has no price is no series', () => {
  expect(chartData(request([{ ...use(1, midnight, 1), model: 'acme' }]), midnight).series).toEqual([]);
});

describe('a budget is drawn only where the chart shows what it counts', () => {
  const budget: BudgetStanding = {
    policy: 'p',
    per: 'user',
    subject: 'ada',
    window: 'hour',
    unit: 'usd',
    used: 1,
    limit: 5,
    raisedBy: 0,
    onLimit: 'deny',
    alertAt: [],
    isLowerBound: false,
  };
  const two = [use(1, midnight, 1), use(2, midnight, 1)];
  const one = [use(1, midnight, 1)];
  test.each<[string, Partial<BudgetStanding>, readonly Use[], Partial<ChartRequest>, boolean]>([
    ['each hour, for everything', {}, two, {}, true],
    ['each hour in the running total of a day', {}, two, { shape: 'running' }, false],
    ['each day in the running total of a day', { window: 'day' }, two, { shape: 'running' }, true],
    ['each week in the running total of a month', { window: 'week' }, two, { shape: 'running', period: 'month' }, false],
    ['each month in the running total of a month', { window: 'month' }, two, { shape: 'running', period: 'month' }, true],
    ['tokens', { unit: 'tokens' }, two, {}, false],
    ['of one of several agents', { per: 'agent', subject: 'claude-code' }, two, {}, false],
    ['of the only agent', { per: 'agent', subject: 'claude-code' }, one, { query: { ...query, by: 'agent' } }, true],
    ['of another agent', { per: 'agent', subject: 'codex' }, one, { query: { ...query, by: 'agent' } }, false],
    ['for everything, of one session', {}, one, { query: { ...query, session: 's1' } }, false],
    ['of the session that is shown', { per: 'session', subject: 's1' }, one, { query: { ...query, session: 's1' } }, true],
  ])('%s', (_, over, uses, asked, isDrawn) => {
    const { limits } = chartData(request(uses, { budgets: [{ ...budget, ...over }], ...asked }), midnight);
    expect(limits).toEqual(isDrawn ? [{ label: 'p', usd: 5 }] : []);
  });
});
