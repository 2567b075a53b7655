import { costOf, type Prices } from './price.ts';
import { noTokens, plus, type Usage } from './sum.ts';
import type { Tokens } from './usage.ts';

export interface Amount {
  readonly tokens: Tokens;
  readonly webSearches: number;
  /** `undefined`: nobody knows a price. */
  readonly usd: number | undefined;
}

export const nothing: Amount = { tokens: noTokens, webSearches: 0, usd: 0 };

export function priced(usage: Usage, prices: Prices): Amount {
  return { tokens: usage.tokens, webSearches: usage.webSearches, usd: costOf(usage, prices) };
}

/** Together; without a price where either has none. */
export function added(a: Amount, b: Amount): Amount {
  const usd = a.usd === undefined || b.usd === undefined ? undefined : a.usd + b.usd;
  return { tokens: plus(a.tokens, b.tokens), webSearches: a.webSearches + b.webSearches, usd };
}

export function minus(a: Amount, b: Amount): Amount {
  const usd = a.usd === undefined || b.usd === undefined ? undefined : a.usd - b.usd;
  return { tokens: plus(a.tokens, b.tokens, -1), webSearches: a.webSearches - b.webSearches, usd };
}

export function atLeastNothing({ tokens, webSearches, usd }: Amount): Amount {
  return {
    tokens: {
      input: Math.max(0, tokens.input),
      output: Math.max(0, tokens.output),
      cacheRead: Math.max(0, tokens.cacheRead),
      // A sum of Claude Code 2.1.300 does not tell for how long was written: all of it stands as the shorter.
      cacheWrite5m: Math.max(0, tokens.cacheWrite5m + Math.min(0, tokens.cacheWrite1h)),
      cacheWrite1h: Math.max(0, tokens.cacheWrite1h),
    },
    webSearches: Math.max(0, webSearches),
    usd: usd === undefined ? undefined : Math.max(0, usd),
  };
}
