import { namesOf } from './model-names.ts';
import { promptBands, type Billable, type Terms, type Tokens } from './usage.ts';

/** US dollars per million tokens. What is left out of the cache costs what `input` does, `cacheWrite1h` what `cacheWrite5m` does. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

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
  readonly tables: readonly Table[];
  readonly webSearchUsd: number;
}

/**
 * What a person set comes before the list, and the list before what an agent was told of models that are newer than the list.
 * List prices rise where the region says so; a price that a person set is meant as it stands.
 */
export function pricesOf(list: PriceTable, webSearchUsd: number, set: PriceTable = {}, told: PriceTable = {}): Prices {
  return { webSearchUsd, tables: [tableOf(set, false), tableOf(list, true), tableOf(told, true)] };
}

/** US dollars; `undefined` where nothing says what it costs, which is not the same as nothing. */
export function costOf({ terms, at, tokens, webSearches }: Billable, prices: Prices): number | undefined {
  const found = ratesFor(terms, at, prices);
  if (found === undefined) return undefined;
  return tokensUsd(tokens, found.rates) * (found.isList ? regionFactor(terms.region) : 1) + webSearches * prices.webSearchUsd;
}

interface Table {
  readonly isList: boolean;
  readonly exact: ReadonlyMap<string, readonly Price[]>;
  readonly patterns: readonly { readonly pattern: RegExp; readonly prices: readonly Price[] }[];
}

function tableOf(table: PriceTable, isList: boolean): Table {
  const rows = Object.entries(table);
  return {
    isList,
    exact: new Map(rows),
    patterns: rows.filter(([name]) => name.includes('*')).map(([name, prices]) => ({ pattern: patternOf(name), prices })),
  };
}

function patternOf(name: string): RegExp {
  const parts = name.split(/\*+/).map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function ratesFor(terms: Terms, at: number, { tables }: Prices): { readonly rates: Rates; readonly isList: boolean } | undefined {
  const names = namesOf(terms.model);
  for (const table of tables) {
    const price = inForce(pricesIn(table, names), at);
    const rates = price === undefined ? undefined : ratesIn(price, terms);
    if (rates !== undefined) return { rates, isList: table.isList };
  }
  return undefined;
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
