import type { SpendSum } from './report.ts';

/** `$0.00`, `$0.0042`, `$0.024`, `$12.34`, `$1,234.50`: as exact as the amount deserves. */
export function usdText(usd: number): string {
  if (usd > 0 && usd < 0.0001) return '<$0.0001';
  const digits = usd === 0 || usd >= 0.1 ? 2 : usd < 0.01 ? 4 : 3;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** What a person reads of an amount: that it may be more, and that there is none where nothing has a price. */
export function costText({ usd, unpricedTokens, isLowerBound }: Pick<SpendSum, 'usd' | 'unpricedTokens' | 'isLowerBound'>): string {
  if (unpricedTokens > 0 && usd === 0) return 'no price';
  return isLowerBound || unpricedTokens > 0 ? `at least ${usdText(usd)}` : usdText(usd);
}

/** `950 tokens`, `24.9k tokens`, `2.59M tokens` */
export function tokensText(tokens: number): string {
  return `${shortCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`;
}

/** `950`, `24.9k`, `2.59M` */
export function shortCount(count: number): string {
  const [size, unit] = count >= 999_500_000 ? [1e9, 'B'] : count >= 999_500 ? [1e6, 'M'] : count >= 1_000 ? [1e3, 'k'] : [1, ''];
  const value = count / size;
  const digits = unit === '' || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })}${unit}`;
}
