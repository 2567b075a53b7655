import type { Limit, Unit } from './document.ts';

/** `$5.12`, `2,000,000 tokens`, `400 calls`. */
export function amountText(unit: Unit, amount: number): string {
  if (unit === 'usd') return `$${dollars(amount)}`;
  const noun = unit === 'tokens' ? 'token' : 'call';
  return `${whole(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

/** `at least $5.12 of $5.00 spent` */
export function usedText(unit: Unit, used: number, limit: number, isLowerBound: boolean): string {
  const atLeast = isLowerBound ? 'at least ' : '';
  if (unit === 'usd') return `${atLeast}$${dollars(used)} of $${dollars(limit)} spent`;
  return `${atLeast}${whole(used)} of ${amountText(unit, limit)} ${unit === 'calls' ? 'made' : 'used'}`;
}

/** Whose amount it is and since when: `in this session`, `by claude-code today`. */
export function placeText({ per, window }: Pick<Limit, 'per' | 'window'>, subject: string): string {
  const whose = per === 'session' ? 'in this session' : per === 'workspace' ? `in ${subject}` : `by ${subject}`;
  return window === 'total' ? whose : `${whose} ${since[window]}`;
}

const since = { hour: 'this hour', day: 'today', week: 'this week', month: 'this month' } as const;

function dollars(amount: number): string {
  // Small budgets would look like nothing with two digits.
  const digits = Math.abs(amount) < 1 && !Number.isInteger(Math.round(amount * 1e6) / 1e4) ? 4 : 2;
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function whole(amount: number): string {
  return amount.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
