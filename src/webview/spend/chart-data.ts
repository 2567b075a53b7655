import type { BudgetStanding } from '../../engine/budget/standing.ts';
import type { SpendQuery, SpendReport } from '../../engine/spend/report.ts';
import type { Period } from './period.ts';

/** What a chart draws: one bar, or one point of an area, per step and series, stacked. */
export interface ChartData {
  readonly step: 'hour' | 'day';
  readonly shape: Shape;
  /** When the period begins, in seconds: the steps may begin later, with the first record that there is. */
  readonly from: number;
  /** Beginnings of the steps, in seconds. */
  readonly starts: readonly number[];
  /** Dearest first; what the rest cost comes last. */
  readonly series: readonly Series[];
  readonly limits: readonly Limit[];
}
/** Each step for itself, or all until then. */
export type Shape = 'steps' | 'running';
export interface Series {
  readonly key: string;
  readonly label: string;
  /** US dollars; `null` for what is yet to come. */
  readonly values: readonly (number | null)[];
}
export interface Limit {
  readonly label: string;
  readonly usd: number;
}

/** As many as there are colours that tell each other apart. */
export const mostSeries = 6;

export interface ChartRequest {
  readonly report: SpendReport;
  readonly query: SpendQuery;
  readonly budgets: readonly BudgetStanding[];
  readonly period: Period;
  readonly shape: Shape;
}

export function chartData(request: ChartRequest, now: number): ChartData {
  const { report, query, shape } = request;
  const steps = report.steps.filter(({ start }) => start < query.until);
  const dear = report.rows.filter(({ sum }) => sum.usd > 0).slice(0, mostSeries);
  const shown = dear.map(({ key, label }) => ({ key, label: label || key, values: steps.map(({ usdBy }) => usdBy[key] ?? 0) }));
  const rest = steps.map(({ sum }, n) => Math.max(0, sum.usd - shown.reduce((all, { values }) => all + (values[n] ?? 0), 0)));
  const others = report.rows.length - dear.length;
  // Less than a hundredth of a cent is what adding up leaves behind.
  const series = rest.some((usd) => usd >= 0.0001) ? [...shown, { key: '\0rest', label: restLabel(others), values: rest }] : shown;
  const begun = steps.filter(({ start }) => start <= now).length;
  return {
    step: query.step,
    shape,
    from: query.since / 1_000,
    starts: steps.map(({ start }) => start / 1_000),
    series: series.map((one) => ({ ...one, values: shape === 'running' ? runningTotals(one.values, begun) : one.values })),
    limits: limitsOf(request),
  };
}

/** The values put on top of each other, the first series at the bottom; a bar of nothing is none. */
export function stacked({ series, shape }: Pick<ChartData, 'series' | 'shape'>): readonly (readonly (number | null)[])[] {
  const below: number[] = [];
  return series.map(({ values }) =>
    values.map((value, n) => {
      if (value === null || (value === 0 && shape === 'steps')) return null;
      return (below[n] = (below[n] ?? 0) + value);
    }),
  );
}

function restLabel(others: number): string {
  return others > 1 ? `${others} others` : 'Others';
}

function runningTotals(values: readonly number[], begun: number): readonly (number | null)[] {
  let total = 0;
  return values.map((value, n) => (n < begun ? (total += value) : null));
}

/** A line is only drawn where what is drawn is what the budget counts: dollars, over its window, of whom it is about. */
function limitsOf({ budgets, report, query, period, shape }: ChartRequest): readonly Limit[] {
  const window = shape === 'steps' ? query.step : windows[period];
  const only = report.rows.length === 1 ? report.rows[0]?.key : undefined;
  const isShown = ({ per, subject }: BudgetStanding): boolean =>
    query.session === undefined ? per === 'user' || (per === query.by && subject === only) : per === 'session' && subject === query.session;
  return budgets
    .filter((budget) => budget.unit === 'usd' && budget.window === window && isShown(budget))
    .map(({ policy, limit }) => ({ label: policy, usd: limit }));
}

const windows: Readonly<Record<Period, BudgetStanding['window'] | undefined>> = {
  today: 'day',
  week: 'week',
  month: 'month',
  '30-days': undefined,
};
