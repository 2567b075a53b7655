import type { AuditRecord } from '../../engine/audit/entry.ts';
import { matches, type Filter } from './record-text.ts';

/** Beyond this the oldest rows are let go; scrolling there fetches them again. */
const kept = 5000;

/** The records this panel has fetched, newest first, and those of them that pass the filter. */
export class RecordList {
  #all: readonly AuditRecord[] = [];
  #shown: readonly AuditRecord[] = [];
  #filter: Filter = 'decisions';
  /** Whether the governor said that there is nothing older. */
  #exhausted = false;

  get shown(): readonly AuditRecord[] {
    return this.#shown;
  }

  get filter(): Filter {
    return this.#filter;
  }

  /** Whether the log has older records than these. */
  get more(): boolean {
    return !this.#exhausted && (this.oldest ?? 1) > 1;
  }

  /** The sequence number of the oldest record here. */
  get oldest(): number | undefined {
    return this.#all.at(-1)?.seq;
  }

  reset(records: readonly AuditRecord[]): void {
    this.#exhausted = false;
    this.#set(records);
  }

  /** How many of the new records are shown: the rows below move down by that many. */
  addNewer(records: readonly AuditRecord[]): number {
    const newest = this.#all[0]?.seq ?? 0;
    const fresh = records.filter(({ seq }) => seq > newest);
    const all = [...fresh, ...this.#all];
    if (all.length > kept) this.#exhausted = false;
    this.#set(all.slice(0, kept));
    return fresh.filter((record) => matches(record, this.#filter)).length;
  }

  addOlder(records: readonly AuditRecord[]): void {
    const oldest = this.oldest ?? Infinity;
    const fresh = records.filter(({ seq }) => seq < oldest);
    this.#exhausted = fresh.length === 0;
    this.#set([...this.#all, ...fresh]);
  }

  filterBy(filter: Filter): void {
    this.#filter = filter;
    this.#set(this.#all);
  }

  #set(all: readonly AuditRecord[]): void {
    this.#all = all;
    this.#shown = all.filter((record) => matches(record, this.#filter));
  }
}
