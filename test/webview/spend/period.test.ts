import { expect, test } from 'vitest';
import { spanOf, type Period } from '../../../src/webview/spend/period.ts';

const local = (year: number, month: number, day: number, hour = 0): number => new Date(year, month - 1, day, hour).getTime();

test.each<[string, Period, number, number, number]>([
  ['today ends at midnight', 'today', local(2026, 11, 26, 15), local(2026, 11, 26), local(2026, 11, 27)],
  ['a week begins on Monday', 'week', local(2026, 11, 26, 15), local(2026, 11, 23), local(2026, 11, 30)],
  ['Sunday is its last day', 'week', local(2026, 11, 29, 23), local(2026, 11, 23), local(2026, 11, 30)],
  ['Monday is its first', 'week', local(2026, 11, 30), local(2026, 11, 30), local(2026, 12, 7)],
  ['December is followed by January', 'month', local(2026, 12, 31, 23), local(2026, 12, 1), local(2027, 1, 1)],
  ['thirty days, today among them', '30-days', local(2026, 11, 26, 15), local(2026, 10, 28), local(2026, 11, 27)],
])('%s', (_, period, now, since, until) => {
  expect(spanOf(period, now)).toEqual({ since, until, step: period === 'today' ? 'hour' : 'day' });
});
