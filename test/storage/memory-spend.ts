import type { SpendSum } from '../../src/engine/spend/report.ts';
import type { SpendScope, SpendSource } from '../../src/governor/ports.ts';

interface Spent {
  readonly agent: string;
  readonly session: string;
  readonly workspace: string;
  readonly at: number;
  readonly usd: number;
  readonly tokens: number;
  readonly unpricedTokens: number;
  readonly isLowerBound: boolean;
}

const nothing: Required<SpendSum> = {
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
  responses: 0,
  webSearches: 0,
  usd: 0,
  unpricedTokens: 0,
  notItemisedUsd: 0,
  saidUsd: 0,
  notItemisedTokens: 0,
  isLowerBound: false,
};

/** What agents spent, as tests say it. */
export class MemorySpend implements SpendSource {
  readonly #spent: Spent[] = [];
  /** While set, nothing can be known. */
  failure: Error | undefined;
  asked = 0;

  add(over: Partial<Spent>): void {
    const one = { agent: 'plain', session: 's1', workspace: '/home/ada/project', at: 0, usd: 0, tokens: 0, unpricedTokens: 0 };
    this.#spent.push({ ...one, isLowerBound: false, ...over });
  }

  readonly sums = (scopes: readonly SpendScope[]): Promise<readonly SpendSum[]> => {
    this.asked += 1;
    return this.failure === undefined ? Promise.resolve(scopes.map((scope) => this.#sum(scope))) : Promise.reject(this.failure);
  };

  #sum({ agent, session, workspace, since = -Infinity }: SpendScope): SpendSum {
    const isIn = (one: Spent): boolean =>
      one.at >= since &&
      (agent === undefined || one.agent === agent) &&
      (session === undefined || one.session === session) &&
      (workspace === undefined || one.workspace === workspace);
    return this.#spent.filter(isIn).reduce(
      (sum, one) => ({
        ...sum,
        usd: sum.usd + one.usd,
        // Spread over three sorts: whoever counts one or two only counts too little.
        tokens: {
          ...sum.tokens,
          input: sum.tokens.input + one.tokens - 2 * Math.floor(one.tokens / 3),
          cacheRead: sum.tokens.cacheRead + Math.floor(one.tokens / 3),
        },
        notItemisedTokens: sum.notItemisedTokens + Math.floor(one.tokens / 3),
        unpricedTokens: sum.unpricedTokens + one.unpricedTokens,
        isLowerBound: sum.isLowerBound || one.isLowerBound,
      }),
      nothing,
    );
  }
}
