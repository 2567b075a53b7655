import type { Rates } from '../../src/engine/spend/rates.ts';
import type { SourceRow } from './row.ts';

/** When these were last compared with what they cite. */
export const handDate = '2026-11-28';

/** Dollars for one web search of the model: https://platform.claude.com/docs/en/about-claude/pricing#web-search-tool ($10 per 1,000). */
export const webSearchUsd = 0.01;

/**
 * Fast mode, which neither package has: the catalogue in Claude Code 2.1.329, and
 * https://platform.claude.com/docs/en/build-with-claude/fast-mode (its factor is on the cache, too). What is not named here has no
 * known price in fast mode, and stays unpriced.
 */
export const fastRates: Readonly<Record<string, Rates>> = {
  'claude-opus-4-6': times(6, { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }),
  'claude-opus-4-7': times(6, { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }),
  'claude-opus-4-8': times(2, { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }),
  'claude-opus-5': times(2, { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }),
  'claude-opus-5-5': times(2, { input: 4, output: 20, cacheRead: 0.2, cacheWrite5m: 5, cacheWrite1h: 8 }),
  'claude-fable-5-2': times(2, { input: 8, output: 40, cacheRead: 0.2, cacheWrite5m: 10, cacheWrite1h: 16 }),
};

/** Rows that the packages lack, or that settle what they say. */
export const handRows: readonly SourceRow[] = [
  // The 1M beta with its higher rates above 200k ended that day (comment in genai-prices); Claude Code 2.1.329 has no tier for it.
  { models: ['claude-sonnet-4-5'], from: '2026-04-30', input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 },
];

function times(factor: number, { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 }: Rates): Rates {
  return {
    input: input * factor,
    output: output * factor,
    cacheRead: cacheRead * factor,
    cacheWrite5m: cacheWrite5m * factor,
    cacheWrite1h: cacheWrite1h * factor,
  };
}
