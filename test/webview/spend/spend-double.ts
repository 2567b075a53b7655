import type { SpendQuery, SpendReport, SpendRow, SpendSum } from '../../../src/engine/spend/report.ts';
import { costOf, type Prices } from '../../../src/engine/spend/price.ts';
import { bandOf, type Tokens } from '../../../src/engine/spend/usage.ts';

/** One response, or what an agent reports without saying for what. */
export interface Use {
  readonly at: number;
  readonly session: string;
  readonly agent: string;
  readonly subagent?: string;
  readonly model: string;
  readonly workspace: string;
  readonly tokens: Tokens;
  readonly isLowerBound?: boolean;
  readonly notItemisedUsd?: number;
}

/** Adds up a list of uses in memory, as the governor does what it has indexed; days are the machine's. */
export function reportOf(uses: readonly Use[], query: SpendQuery, prices: Prices): SpendReport {
  const within = uses.filter(({ at, session }) => at >= query.since && at < query.until && (query.session ?? session) === session);
  const starts = stepsOf(query);
  const byKey = Map.groupBy(within, (use) => keyOf(use, query));
  const rows = [...byKey].map(([key, some]): SpendRow => ({
    ...namesOf(key, some, query),
    sum: sumOf(some, prices),
    lastAt: Math.max(...some.map(({ at }) => at)),
  }));
  const unpriced = Map.groupBy(within, ({ model }) => model);
  return {
    total: sumOf(within, prices),
    rows: rows.toSorted((a, b) => b.sum.usd - a.sum.usd),
    steps: starts.map((start, n) => {
      const some = within.filter(({ at }) => at >= start && at < (starts[n + 1] ?? query.until));
      const usdBy = Object.fromEntries([...Map.groupBy(some, (use) => keyOf(use, query))].map(([key, of]) => [key, sumOf(of, prices).usd]));
      return { start, sum: sumOf(some, prices), usdBy };
    }),
    unpriced: [...unpriced]
      .map(([model, some]) => ({ model, tokens: sumOf(some, prices).unpricedTokens }))
      .filter(({ tokens }) => tokens > 0),
  };
}

function keyOf(use: Use, { by }: SpendQuery): string {
  return by === 'subagent' ? `${use.session}/${use.subagent ?? ''}` : use[by];
}

function namesOf(key: string, [use]: readonly Use[], { by }: SpendQuery): Pick<SpendRow, 'key' | 'label' | 'detail'> {
  if (by === 'session') return { key, label: `Session ${key.slice(0, 8)}`, detail: `${use?.agent} in ${use?.workspace}` };
  if (by === 'subagent') return { key, label: use?.subagent ?? 'main agent', detail: `session ${use?.session.slice(0, 8)}` };
  return { key, label: by === 'workspace' ? (key.split('/').at(-1) ?? key) : key, detail: by === 'workspace' ? key : '' };
}

function stepsOf({ since, until, step }: SpendQuery): readonly number[] {
  const starts: number[] = [];
  for (let at = since; at < until; at = next(at, step)) starts.push(at);
  return starts;
}

function next(at: number, step: SpendQuery['step']): number {
  const date = new Date(at);
  return step === 'hour' ? at + 3_600_000 : new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

function sumOf(uses: readonly Use[], prices: Prices): SpendSum {
  const of = (kind: keyof Tokens): number => uses.reduce((sum, { tokens }) => sum + tokens[kind], 0);
  const costs = uses.map((use) => ({ use, usd: usdOf(use, prices) }));
  const hidden = uses.reduce((sum, { notItemisedUsd = 0 }) => sum + notItemisedUsd, 0);
  return {
    tokens: {
      input: of('input'),
      output: of('output'),
      cacheRead: of('cacheRead'),
      cacheWrite5m: of('cacheWrite5m'),
      cacheWrite1h: of('cacheWrite1h'),
    },
    responses: uses.filter(({ notItemisedUsd }) => notItemisedUsd === undefined).length,
    webSearches: 0,
    usd: costs.reduce((sum, { usd = 0 }) => sum + usd, 0) + hidden,
    unpricedTokens: costs.reduce((sum, { use, usd }) => sum + (usd === undefined ? all(use.tokens) : 0), 0),
    notItemisedUsd: hidden,
    isLowerBound: uses.some(({ isLowerBound = false }) => isLowerBound),
  };
}

function usdOf({ model, at, tokens }: Use, prices: Prices): number | undefined {
  const band = bandOf(tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h);
  return costOf({ terms: { model, band, speed: 'standard', region: '' }, at, tokens, webSearches: 0 }, prices);
}

function all({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): number {
  return input + output + cacheRead + cacheWrite5m + cacheWrite1h;
}
