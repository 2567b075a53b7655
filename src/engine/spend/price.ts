import { namesOf } from './model-names.ts';
import { organisationOf, type Organisation, type OrganisationPrices } from './organisation.ts';
import type { Rates } from './rates.ts';
import { promptBands, type Billable, type Terms, type Tokens } from './usage.ts';

/** What a model costs from a day on. */
export interface Price extends Rates {
  /** `YYYY-MM-DD`, its midnight in UTC; left out: always. */
  readonly from?: string;
  /** Rates of a whole request whose prompt has more tokens than `above`, which is one of `promptBands`. */
  readonly tiers?: readonly Tier[];
  /** Rates of fast mode, whatever the size of the prompt. Left out: the next table says, or nobody. */
  readonly fast?: Rates;
}
export interface Tier extends Rates {
  readonly above: number;
}

/** Prices by model; in a table of a person's, `*` in a name stands for anything. */
export type PriceTable = Readonly<Record<string, readonly Price[]>>;

/** Tables to ask one after the other. */
export interface Prices {
  /** What a person set. */
  readonly set: Table;
  readonly organisation?: Organisation;
  readonly lists: readonly Table[];
  readonly webSearchUsd: number;
}

/** Whose price it is. */
export type PriceSource = 'person' | 'organisation' | 'list';

/**
 * What a person set comes before what their organisation pays, that before the list, and the list before what an agent was told of models
 * that are newer than the list. List prices rise where the region says so; what was set is meant as it stands.
 */
export function pricesOf(
  list: PriceTable,
  webSearchUsd: number,
  set: PriceTable = {},
  told: PriceTable = {},
  organisation?: OrganisationPrices,
): Prices {
  const paid = organisation === undefined ? {} : { organisation: organisationOf(organisation, (model) => Object.hasOwn(list, model)) };
  return { webSearchUsd, set: tableOf(set), ...paid, lists: [tableOf(list), tableOf(told)] };
}

/** US dollars; `undefined` where nothing says what it costs, which is not the same as nothing. */
export function costOf(billable: Billable, prices: Prices): number | undefined {
  const found = foundFor(billable, prices);
  if (found === undefined) return undefined;
  const { terms, tokens, webSearches } = billable;
  const factor = payerOf(billable, prices)?.multiplier ?? 1;
  const rise = found.source === 'list' ? regionFactor(terms.region) : 1;
  return tokensUsd(tokens, found.rates) * rise * (found.source === 'person' ? 1 : factor) + webSearches * prices.webSearchUsd * factor;
}

/** Whose price `costOf` takes. */
export function sourceOf(billable: Billable, prices: Prices): PriceSource | undefined {
  return foundFor(billable, prices)?.source;
}

interface Found {
  readonly rates: Rates;
  readonly source: PriceSource;
}

interface Table {
  readonly exact: ReadonlyMap<string, readonly Price[]>;
  readonly patterns: readonly { readonly pattern: RegExp; readonly prices: readonly Price[] }[];
}

function tableOf(table: PriceTable): Table {
  const rows = Object.entries(table);
  return {
    exact: new Map(rows),
    patterns: rows.filter(([name]) => name.includes('*')).map(([name, prices]) => ({ pattern: patternOf(name), prices })),
  };
}

function patternOf(name: string): RegExp {
  const parts = name.split(/\*+/).map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function payerOf({ agent }: Billable, { organisation }: Prices): Organisation | undefined {
  return organisation?.agent === agent ? organisation : undefined;
}

function foundFor(billable: Billable, prices: Prices): Found | undefined {
  const { terms, at } = billable;
  const set = ratesFrom(prices.set, terms, at);
  if (set !== undefined) return { rates: set, source: 'person' };
  const paid = payerOf(billable, prices)?.ratesOf(terms.model);
  if (paid !== undefined) return { rates: paid, source: 'organisation' };
  for (const list of prices.lists) {
    const rates = ratesFrom(list, terms, at);
    if (rates !== undefined) return { rates, source: 'list' };
  }
  return undefined;
}

function ratesFrom(table: Table, terms: Terms, at: number): Rates | undefined {
  const price = inForce(pricesIn(table, namesOf(terms.model)), at);
  return price === undefined ? undefined : ratesIn(price, terms);
}

function pricesIn({ exact, patterns }: Table, names: readonly string[]): readonly Price[] {
  const name = names.find((candidate) => exact.has(candidate));
  if (name !== undefined) return exact.get(name) ?? [];
  return patterns.find(({ pattern }) => names.some((candidate) => pattern.test(candidate)))?.prices ?? [];
}

/** The one that began last. */
function inForce(prices: readonly Price[], at: number): Price | undefined {
  return prices
    .filter((price) => begins(price) <= at)
    .toSorted((a, b) => begins(a) - begins(b))
    .at(-1);
}

function begins({ from }: Price): number {
  return from === undefined ? -Infinity : Date.parse(from);
}

function ratesIn(price: Price, { speed, band }: Terms): Rates | undefined {
  if (speed === 'fast') return price.fast;
  // Every prompt of a band has more tokens than its lower end.
  const lowerEnd = promptBands[band - 1] ?? 0;
  const tiers = (price.tiers ?? []).filter(({ above }) => above <= lowerEnd);
  return tiers.toSorted((a, b) => a.above - b.above).at(-1) ?? price;
}

function tokensUsd(tokens: Tokens, { input, output, cacheRead = input, cacheWrite5m = input, cacheWrite1h = cacheWrite5m }: Rates): number {
  const millionths =
    tokens.input * input +
    tokens.output * output +
    tokens.cacheRead * cacheRead +
    tokens.cacheWrite5m * cacheWrite5m +
    tokens.cacheWrite1h * cacheWrite1h;
  return millionths / 1_000_000;
}

/** Anthropic's surcharge for inference that stays in the US; web searches are not part of it. */
function regionFactor(region: string): number {
  return region === 'us' ? 1.1 : 1;
}
