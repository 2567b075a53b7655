import { amountText } from '../../engine/budget/amount.ts';
import type { BudgetStanding } from '../../engine/budget/standing.ts';

/** `- money: $4.10 of $5.00 used, per user and day; $0.90 left until 2026-11-30T00:00:00.000Z; then deny` */
export function budgetLine(standing: BudgetStanding): string {
  const { policy, per, window, unit, used, limit, isLowerBound, onLimit, resetsAt } = standing;
  const span = window === 'total' ? `per ${per}` : `per ${per} and ${window}`;
  const until = resetsAt === undefined ? '' : ` until ${new Date(resetsAt).toISOString()}`;
  const atLeast = isLowerBound ? 'at least ' : '';
  return `- ${policy}: ${atLeast}${amountText(unit, used)} of ${amountText(unit, limit)} used, ${span}; ${leftText(standing)}${until}; then ${onLimit}`;
}

function leftText({ unit, used, limit, isLowerBound }: BudgetStanding): string {
  if (used > limit) return `over by ${isLowerBound ? 'at least ' : ''}${amountText(unit, used - limit)}`;
  return used === limit ? 'nothing left' : `${isLowerBound ? 'at most ' : ''}${amountText(unit, limit - used)} left`;
}
