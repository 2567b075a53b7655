import type { ModelTotal } from './fact.ts';
import { costOf, type Prices } from './price.ts';
import { noTokens, plus, type Hidden, type Usage } from './sum.ts';
import { totalOf } from './usage.ts';
import type { Tokens } from './usage.ts';

/** What an agent said at `at` that a session had used until then. */
export interface Total {
  readonly at: number;
  readonly models: readonly ModelTotal[];
}

export interface SessionSpent {
  readonly agent: string;
  /** Oldest first. */
  readonly totals: readonly Total[];
  /** What the session it was forked from had used when it was: its sums contain it. */
  readonly inherited?: Total;
  /** What else of other sessions is in its sums: responses copied from them that `inherited` does not have. */
  readonly copied: readonly Usage[];
  readonly own: readonly Usage[];
}

interface Amount {
  readonly tokens: Tokens;
  readonly webSearches: number;
  /** `undefined`: nobody knows a price. */
  readonly usd: number | undefined;
}

const quarterHour = 15 * 60_000;
const nothing: Amount = { tokens: noTokens, webSearches: 0, usd: 0 };

/**
 * What the session's sums have beyond its responses, each growth at the time it was first told. It is never less than nothing: a
 * process that was killed told no sum, and the next one knows nothing of what it used.
 */
export function hiddenOf(session: SessionSpent, prices: Prices): readonly Hidden[] {
  const found: Hidden[] = [];
  const before = new Map<string, Amount>();
  for (const total of session.totals) {
    for (const model of modelsOf(total)) {
      const rest = restOf(session, total, model, prices);
      const known = before.get(model) ?? nothing;
      const grown = atLeastNothing(minus(rest, known));
      if (totalOf(grown.tokens) + grown.webSearches === 0) continue;
      before.set(model, added(known, grown));
      found.push({
        model,
        at: total.at,
        tokens: grown.tokens,
        webSearches: grown.webSearches,
        ...(grown.usd === undefined ? {} : { usd: grown.usd }),
      });
    }
  }
  return found;
}

/**
 * What is hidden, told twice: in the sums of a session, and request by request while it runs. A sum has the requests in it, and more of
 * them only once it is told: of each model the larger of the two counts, never both.
 */
export function largerOf(summed: readonly Hidden[], requested: readonly Hidden[]): readonly Hidden[] {
  const models = new Set([...summed, ...requested].map(({ model }) => sameModel(model)));
  return [...models].flatMap((model) => {
    const [ofSums = [], ofRequests = []] = [summed, requested].map((all) => all.filter((one) => sameModel(one.model) === model));
    return tokensIn(ofRequests) > tokensIn(ofSums) ? ofRequests : ofSums;
  });
}

function tokensIn(hidden: readonly Hidden[]): number {
  return hidden.reduce((sum, { tokens }) => sum + totalOf(tokens), 0);
}

/** Names of one model: the record of a response may have its date, a sum how it was asked for. */
export function sameModel(name: string): string {
  return name.replace(/\[[^\]]*\]$/, '').replace(/-\d{8}$/, '');
}

function restOf({ agent, inherited, copied, own }: SessionSpent, total: Total, model: string, prices: Prices): Amount {
  const until = (Math.floor(total.at / quarterHour) + 1) * quarterHour;
  const itemised = [...copied, ...own.filter(({ at }) => at < until)].filter(({ terms }) => sameModel(terms.model) === model);
  const known = added(
    inherited === undefined ? nothing : told(inherited, model),
    itemised.map((usage) => priced(usage, prices)).reduce(added, nothing),
  );
  const rest = atLeastNothing(minus(told(total, model), known));
  return rest.usd === undefined ? { ...rest, usd: listPrice(rest, { agent, model, at: total.at }, prices) } : rest;
}

/** Nobody said which responses these were: they are priced as ordinary ones. */
function listPrice(
  { tokens, webSearches }: Amount,
  { agent, model, at }: { readonly agent: string; readonly model: string; readonly at: number },
  prices: Prices,
): number | undefined {
  return costOf({ agent, terms: { model, band: 0, speed: 'standard', region: '' }, at, tokens, webSearches }, prices);
}

function modelsOf({ models }: Total): ReadonlySet<string> {
  return new Set(models.map(({ model }) => sameModel(model)));
}

function told({ models }: Total, model: string): Amount {
  return models
    .filter((one) => sameModel(one.model) === model)
    .map(({ tokens, webSearches, usd }) => ({ tokens, webSearches, usd }))
    .reduce(added, nothing);
}

function priced(usage: Usage, prices: Prices): Amount {
  return { tokens: usage.tokens, webSearches: usage.webSearches, usd: costOf(usage, prices) };
}

function added(a: Amount, b: Amount): Amount {
  const usd = a.usd === undefined || b.usd === undefined ? undefined : a.usd + b.usd;
  return { tokens: plus(a.tokens, b.tokens), webSearches: a.webSearches + b.webSearches, usd };
}

function minus(a: Amount, b: Amount): Amount {
  const usd = a.usd === undefined || b.usd === undefined ? undefined : a.usd - b.usd;
  return { tokens: plus(a.tokens, b.tokens, -1), webSearches: a.webSearches - b.webSearches, usd };
}

function atLeastNothing({ tokens, webSearches, usd }: Amount): Amount {
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
