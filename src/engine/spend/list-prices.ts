import type { Price, PriceTable } from './price.ts';
import listed from './prices.json' with { type: 'json' };

/** What vendors ask for their models: generated, each row with its source and date (`scripts/prices.ts`). */
export const listPrices: PriceTable = byModel(listed.rows);

/** US dollars for one search that a model makes on its vendor's servers. */
export const listWebSearchUsd: number = listed.webSearchUsd;

interface ListedPrice extends Price {
  readonly models: readonly string[];
}

function byModel(rows: readonly ListedPrice[]): PriceTable {
  const names = rows.flatMap(({ models }) => models);
  return Object.fromEntries(names.map((name) => [name, rows.filter(({ models }) => models.includes(name))]));
}
