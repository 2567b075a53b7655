import type { SpendQuery } from '../../engine/spend/report.ts';

export const periods = ['today', 'week', 'month', '30-days'] as const;
export type Period = (typeof periods)[number];

export const periodLabels: Readonly<Record<Period, string>> = {
  today: 'Today',
  week: 'This week',
  month: 'This month',
  '30-days': 'Last 30 days',
};

/** From midnight to midnight by the reader's clock; weeks begin on Monday. What is to come of a period is part of it. */
export function spanOf(period: Period, now: number): Pick<SpendQuery, 'since' | 'until' | 'step'> {
  const today = new Date(now);
  const midnight = (days: number): number => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days).getTime();
  const weekday = (today.getDay() + 6) % 7;
  switch (period) {
    case 'today':
      return { since: midnight(0), until: midnight(1), step: 'hour' };
    case 'week':
      return { since: midnight(-weekday), until: midnight(7 - weekday), step: 'day' };
    case 'month':
      return {
        since: new Date(today.getFullYear(), today.getMonth(), 1).getTime(),
        until: new Date(today.getFullYear(), today.getMonth() + 1, 1).getTime(),
        step: 'day',
      };
    case '30-days':
      return { since: midnight(-29), until: midnight(1), step: 'day' };
  }
}
