import type { Billable } from './usage.ts';

export type Prices = ReadonlyMap<string, readonly [input: number, output: number, read: number, write5m: number, write1h: number]>;

/** US dollars; `undefined` for a model without a price. */
export function costOf({ terms, tokens, webSearches }: Billable, prices: Prices): number | undefined {
  const rates = prices.get(terms.model);
  if (rates === undefined) return undefined;
  const amounts = [tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite5m, tokens.cacheWrite1h];
  return amounts.reduce((sum, amount, n) => sum + (amount * (rates[n] ?? 0)) / 1e6, 0) + webSearches * 0.01;
}
