import { added, atLeastNothing, minus, nothing, priced, type Amount } from './amount.ts';
import type { ModelTotal } from './fact.ts';
import { costOf, sourceOf, type Prices } from './price.ts';
import type { Hidden, Usage } from './sum.ts';
import { totalOf, type Billable } from './usage.ts';

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

const quarterHour = 15 * 60_000;

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

function restOf(session: SessionSpent, total: Total, model: string, prices: Prices): Amount {
  const known = itemisedOf(session, total, model).map((usage) => priced(usage, prices));
  const rest = atLeastNothing(minus(toldHere(session, total, model), known.reduce(added, nothing)));
  // Nobody said which responses these were: they are priced as ordinary ones.
  const terms = { model, band: 0, speed: 'standard', region: '' } as const;
  const asked: Billable = { agent: session.agent, at: total.at, terms, tokens: rest.tokens, webSearches: rest.webSearches };
  // The agent does not know a price that a person has set: its dollars and ours cannot be subtracted.
  return rest.usd === undefined || sourceOf(asked, prices) === 'person' ? { ...rest, usd: costOf(asked, prices) } : rest;
}

/** What the session's records hold of a model until then. */
export function itemisedOf({ copied, own }: SessionSpent, { at: until }: Total, model: string): readonly Usage[] {
  const end = (Math.floor(until / quarterHour) + 1) * quarterHour;
  return [...copied, ...own.filter(({ at }) => at < end)].filter(({ terms }) => sameModel(terms.model) === model);
}

/** What the agent told of a model, without what the session inherited. */
export function toldHere({ inherited }: SessionSpent, total: Total, model: string): Amount {
  return inherited === undefined ? told(total, model) : minus(told(total, model), told(inherited, model));
}

export function modelsOf({ models }: Total): ReadonlySet<string> {
  return new Set(models.map(({ model }) => sameModel(model)));
}

function told({ models }: Total, model: string): Amount {
  return models
    .filter((one) => sameModel(one.model) === model)
    .map(({ tokens, webSearches, usd }) => ({ tokens, webSearches, usd }))
    .reduce(added, nothing);
}
