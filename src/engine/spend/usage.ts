/** Tokens of one response or of many. Whole numbers; `input` is what neither came from the cache nor went into it. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written to the cache for five minutes, and for an hour: they have different prices. */
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

export function totalOf({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): number {
  return input + output + cacheRead + cacheWrite5m + cacheWrite1h;
}

/** Where prices step up with the size of the prompt (input + cache reads + cache writes), in tokens; the whole request costs the higher rate. */
export const promptBands = [100_000, 200_000, 272_000] as const;

/** 0 for a prompt up to the first threshold, 1 up to the second … */
export function bandOf(prompt: number): number {
  return promptBands.filter((threshold) => prompt > threshold).length;
}

/** What a price depends on, besides how many tokens there are. Usages with the same terms may be added up and priced together. */
export interface Terms {
  /** As the agent's record names it. */
  readonly model: string;
  readonly band: number;
  readonly speed: 'standard' | 'fast';
  /** '' where the record does not say; `us` costs more at list prices. */
  readonly region: string;
}

/** Usage that can be priced: of one response, or the sum of those that share `terms` and a day. */
export interface Billable {
  /** Who used it: an organisation may pay another price for one agent's. Left out: the price of nobody in particular. */
  readonly agent?: string;
  readonly terms: Terms;
  /** When, in milliseconds since the epoch: prices have dates. */
  readonly at: number;
  readonly tokens: Tokens;
  readonly webSearches: number;
}
