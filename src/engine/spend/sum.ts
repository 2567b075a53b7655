import type { SpendSum } from './report.ts';
import { totalOf, type Billable, type Tokens } from './usage.ts';

/** What was used under the same terms, within a quarter of an hour or longer. */
export interface Usage extends Billable {
  readonly responses: number;
  /** How many of them the records do not hold the final count of. */
  readonly open: number;
}

/** What the agent says that it used without saying for what: no response of it was written down. */
export interface Hidden {
  readonly model: string;
  readonly at: number;
  readonly tokens: Tokens;
  readonly webSearches: number;
  /** Left out where nobody knows a price. */
  readonly usd?: number;
}

/** US dollars; `undefined` where nobody knows. */
export interface Cost {
  readonly usd: number | undefined;
  /** There is no price: the agent said what the session had cost. */
  readonly isSaid: boolean;
}

export const noTokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

export function plus(a: Tokens, b: Tokens, sign: 1 | -1 = 1): Tokens {
  return {
    input: a.input + sign * b.input,
    output: a.output + sign * b.output,
    cacheRead: a.cacheRead + sign * b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + sign * b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + sign * b.cacheWrite1h,
  };
}

/** Adds up what has been priced. */
export class Sum {
  #tokens = noTokens;
  #responses = 0;
  #webSearches = 0;
  #usd = 0;
  #unpricedTokens = 0;
  #saidUsd = 0;
  #notItemisedUsd = 0;
  #notItemisedTokens = 0;
  #isLowerBound = false;

  add(usage: Usage, cost: Cost): void {
    this.#tokens = plus(this.#tokens, usage.tokens);
    this.#responses += usage.responses;
    this.#webSearches += usage.webSearches;
    this.#isLowerBound ||= usage.open > 0;
    this.#price(cost, totalOf(usage.tokens));
  }

  addHidden({ tokens, webSearches }: Hidden, cost: Cost): void {
    this.#notItemisedTokens += totalOf(tokens);
    this.#notItemisedUsd += cost.usd ?? 0;
    this.#webSearches += webSearches;
    this.#price(cost, totalOf(tokens));
  }

  get value(): SpendSum {
    return {
      tokens: this.#tokens,
      responses: this.#responses,
      webSearches: this.#webSearches,
      usd: this.#usd,
      unpricedTokens: this.#unpricedTokens,
      notItemisedUsd: this.#notItemisedUsd,
      notItemisedTokens: this.#notItemisedTokens,
      ...(this.#saidUsd > 0 ? { saidUsd: this.#saidUsd } : {}),
      isLowerBound: this.#isLowerBound,
    };
  }

  #price({ usd, isSaid }: Cost, tokens: number): void {
    if (usd === undefined) this.#unpricedTokens += tokens;
    this.#usd += usd ?? 0;
    if (isSaid) this.#saidUsd += usd ?? 0;
  }
}
