import type { EntryRow } from '../../engine/audit/search.ts';

/** Places of a search; `end` is exclusive. */
export interface Places {
  readonly from: number;
  readonly end: number;
}

/** How many rows are kept around those in sight: whatever the log's size, the page holds no more. */
export const keptRows = 2000;
/** As many rows as are asked for at once. */
export const fetchedRows = 200;

/** The rows of a search that were fetched, by their place. Places never move, so a row is never wrong. */
export class RowCache {
  readonly #rows = new Map<number, EntryRow>();

  get size(): number {
    return this.#rows.size;
  }

  at(place: number): EntryRow | undefined {
    return this.#rows.get(place);
  }

  put(from: number, rows: readonly EntryRow[]): void {
    rows.forEach((row, index) => this.#rows.set(from + index, row));
  }

  clear(): void {
    this.#rows.clear();
  }

  has({ from, end }: Places): boolean {
    for (let place = from; place < end; place += 1) if (!this.#rows.has(place)) return false;
    return true;
  }

  /** What to fetch so that `wanted` is here, with what is next to it, since a reader goes on; nothing that is here, nor beyond `all`. */
  missing(wanted: Places, all: Places): Places | undefined {
    let from = Math.max(wanted.from, all.from);
    let end = Math.min(wanted.end, all.end);
    while (from < end && this.#rows.has(from)) from += 1;
    while (from < end && this.#rows.has(end - 1)) end -= 1;
    if (from >= end) return undefined;
    while (end < all.end && end - from < fetchedRows && !this.#rows.has(end)) end += 1;
    while (from > all.from && end - from < fetchedRows && !this.#rows.has(from - 1)) from -= 1;
    return { from, end };
  }

  /** Lets go of what is furthest from the rows in sight. */
  trim(inSight: Places): void {
    if (this.#rows.size <= keptRows) return;
    const middle = (inSight.from + inSight.end) / 2;
    for (const place of this.#rows.keys()) if (Math.abs(place - middle) > keptRows / 4) this.#rows.delete(place);
  }
}
