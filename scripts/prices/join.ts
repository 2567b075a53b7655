import { namesOf } from '../../src/engine/spend/model-names.ts';
import { fastRates, handDate, handRows, webSearchUsd } from './hand.ts';
import type { Excerpt, SourceRow } from './row.ts';

/** Which source a row comes from, with its date. */
export interface Row extends SourceRow {
  readonly source: string;
  readonly date: string;
}
export interface JoinedPrices {
  readonly webSearchUsd: number;
  readonly sources: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Today's prices from the one that is renewed more often, history and 1-hour cache writes from the other, fast mode and what settles a
 * doubt by hand. Every row has its source and date.
 */
export function joinPrices(current: Excerpt, history: Excerpt): JoinedPrices {
  const old = history.rows.map((row) => ({ ...row, source: history.package, date: history.date }));
  const known = new Set(old.flatMap(({ models }) => models));
  const fresh = current.rows
    .filter(({ models: [model = ''] }) => !namesOf(model).some((name) => known.has(name)))
    .map((row) => ({ ...withHourWrites(row), source: current.package, date: current.date }));
  const hand = handRows.map((row) => ({ ...row, source: 'by hand', date: handDate }));
  const sources = [
    ...[current, history].map(({ package: name, version, date }) => `${name} ${version}, ${date}, MIT`),
    `by hand, ${handDate}`,
  ];
  return { webSearchUsd, sources, rows: [...old, ...fresh, ...hand].map(withFast) };
}

/** What two sources say differently about the same model on the day of the older one's newest price; empty when they agree. */
export function differences(current: Excerpt, history: Excerpt): readonly string[] {
  return current.rows.flatMap((row) => {
    const other = newestOf(row.models[0] ?? '', current.date, [...history.rows, ...handRows]);
    if (other === undefined) return [];
    const [ours, theirs] = [comparable(row), comparable(other)];
    return ours === theirs ? [] : [`${row.models[0]}: ${current.package} ${ours}, ${history.package} ${theirs}`];
  });
}

/** Of a price that is announced for a later day nobody else speaks yet. */
function newestOf(model: string, day: string, rows: readonly SourceRow[]): SourceRow | undefined {
  return rows
    .filter(({ from = '' }) => from <= day)
    .filter(({ models }) => namesOf(model).some((name) => models.includes(name)))
    .toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? ''))
    .at(-1);
}

/** What both of them know. */
function comparable({ tiers = [], ...rates }: SourceRow): string {
  return [rates, ...tiers]
    .map(({ input, output, cacheRead = input, cacheWrite5m = input, ...step }) =>
      JSON.stringify({ above: 'above' in step ? step.above : 0, input, output, cacheRead, cacheWrite5m }),
    )
    .join(' ');
}

/** An hour's write costs twice the input at Anthropic, for every model of which a source says it. */
function withHourWrites(row: SourceRow): SourceRow {
  if (!row.models.some((model) => model.startsWith('claude-'))) return row;
  const tiers = row.tiers?.map((tier) => ({ ...tier, cacheWrite1h: tier.input * 2 }));
  return { ...row, cacheWrite1h: row.input * 2, ...(tiers && { tiers }) };
}

function withFast(row: Row): Row {
  const fast = row.models.map((model) => fastRates[model]).find((rates) => rates !== undefined);
  return fast === undefined ? row : { ...row, fast };
}
