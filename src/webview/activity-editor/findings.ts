import type { SearchState } from '../../channel/messages.ts';
import type { EntryRow } from '../../engine/audit/search.ts';
import { type Places, RowCache } from './row-cache.ts';
import type { Rows } from './scroll-range.ts';

/** One request for rows. */
export interface Fetch extends Places {
  readonly search: number;
}

/** What is known of one search: how much it found, and the rows near those in sight. Row 0 is the newest one shown. */
export class Findings {
  readonly #rows = new RowCache();
  readonly #fetch: (wanted: Fetch) => void;
  #search = 0;
  #state: SearchState | undefined;
  /** How many of the newer ones are shown: a reader further down keeps their place, and hears of the others. */
  #shownNewer = 0;
  /** How many there were when the newest were last asked for. */
  #asked = 0;
  #fetching = false;

  constructor(fetch: (wanted: Fetch) => void) {
    this.#fetch = fetch;
  }

  /** Begins anew. What arrives for an earlier search is dropped from now on. */
  begin(): number {
    this.#search += 1;
    this.#state = undefined;
    this.#shownNewer = 0;
    this.#asked = 0;
    this.#fetching = false;
    this.#rows.clear();
    return this.#search;
  }

  get state(): SearchState | undefined {
    return this.#state;
  }

  /** How many rows the list has. */
  get count(): number {
    return this.#shownNewer + (this.#state?.older ?? 0);
  }

  /** Newer ones that are not shown yet. */
  get unseen(): number {
    return (this.#state?.newer ?? 0) - this.#shownNewer;
  }

  get kept(): number {
    return this.#rows.size;
  }

  isOf(search: number): boolean {
    return search === this.#search;
  }

  rowAt(row: number): EntryRow | undefined {
    return this.#rows.at(this.placeOf(row));
  }

  placeOf(row: number): number {
    return row - this.#shownNewer;
  }

  rowOf(place: number): number {
    return place + this.#shownNewer;
  }

  heard(state: SearchState): void {
    this.#state = state;
  }

  arrived(from: number, rows: readonly EntryRow[]): void {
    this.#fetching = false;
    this.#rows.put(from, rows);
  }

  /** The request came to nothing; the next drawing asks again. */
  failed(): void {
    this.#fetching = false;
  }

  /** Fetches what these rows need. With `following`, the newest ones come on top as soon as they are here: never as empty rows. */
  show(rows: Rows, following: boolean): void {
    if (following) this.#follow(rows.end - rows.first);
    const inSight = { from: this.placeOf(rows.first), end: this.placeOf(rows.end) };
    this.#rows.trim(inSight);
    this.#want(inSight, { from: -this.#shownNewer, end: this.#state?.older ?? 0 });
  }

  #follow(inSight: number): void {
    const { newer = 0, older = 0 } = this.#state ?? {};
    const topOf = (count: number): Places => ({ from: -count, end: Math.min(-count + inSight, older) });
    // Where more have come while the last ones were under way, those are shown: else a fast agent would never be seen.
    const known = [newer, this.#asked].find((count) => count > this.#shownNewer && this.#rows.has(topOf(count)));
    if (known !== undefined) this.#shownNewer = known;
    if (newer === this.#shownNewer || this.#fetching) return;
    this.#asked = newer;
    this.#want(topOf(newer), { from: -newer, end: older });
  }

  #want(wanted: Places, all: Places): void {
    const missing = this.#fetching ? undefined : this.#rows.missing(wanted, all);
    if (missing === undefined) return;
    this.#fetching = true;
    this.#fetch({ search: this.#search, ...missing });
  }
}
