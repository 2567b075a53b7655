import * as z from 'zod/mini';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { entryTest, type EntryTest, type PathsOf } from '../engine/audit/entry-match.ts';
import { entryRow, unreadableRow } from '../engine/audit/entry-row.ts';
import type { EntryRow, EntrySearch } from '../engine/audit/search.ts';
import { FoundNumbers } from './audit-search-found.ts';
import { isEverything, searchSql, type SearchSql } from './audit-search-sql.ts';
import { columns, recordOfRow } from './audit-rows.ts';
import { type Database, databaseError } from './database.ts';

/** How far a search has got; the words are those of the channel's `SearchState`. */
export interface SearchProgress {
  readonly older: number;
  readonly newer: number;
  readonly isComplete: boolean;
  readonly progress: number;
  readonly problem?: string;
}

/** One slice keeps its thread so long: in between, others are answered. */
const sliceMs = 20;
/** Small: where each entry's command has to be read, this many cost as much time. */
const firstSlice = 128;
const largestSlice = 100_000;
/** New entries come in by so many at once. */
const newSlice = 5_000;

/**
 * One search over a log that grows meanwhile. It looks from the newest entry back, a slice at a time, and remembers only the numbers
 * of what it found. Places are as the channel's `rows` has them. Without a filter there is nothing to look for: numbers have no gaps.
 */
export class LogSearch {
  readonly #database: Database;
  readonly #sql: SearchSql;
  readonly #matches: EntryTest;
  readonly #isEverything: boolean;
  /** The newest entry when the search began, and the one before the oldest that can match. */
  readonly #start: number;
  readonly #end: number;
  readonly #from: number;
  readonly #older = new FoundNumbers();
  readonly #newer = new FoundNumbers();
  #cursor: number;
  #newest: number;
  #slice = firstSlice;
  #problem: string | undefined;

  constructor(database: Database, search: EntrySearch, pathsOf: PathsOf) {
    this.#database = database;
    this.#sql = searchSql(search);
    this.#matches = entryTest(search, pathsOf);
    this.#isEverything = isEverything(search);
    this.#start = lastOf(database);
    this.#newest = this.#start;
    const [after, last] = this.#isEverything ? [0, 0] : this.#span(search);
    this.#end = after;
    this.#from = Math.max(after, last);
    this.#cursor = this.#from;
  }

  get state(): SearchProgress {
    const isComplete = this.isComplete;
    const progress = isComplete ? 1 : (this.#from - this.#cursor) / (this.#from - this.#end);
    const [older, newer] = this.#isEverything ? [this.#start, this.#newest - this.#start] : [this.#older.length, this.#newer.length];
    return { older, newer, isComplete, progress, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  get isComplete(): boolean {
    return this.#cursor <= this.#end || this.#problem !== undefined;
  }

  /** Looks through the next older entries. */
  scan(): void {
    if (this.isComplete) return;
    const before = performance.now();
    const next = Math.max(this.#end, this.#cursor - this.#slice);
    try {
      for (const seq of this.#matching(this.#sql.descending, next, this.#cursor)) this.#older.push(seq);
    } catch (cause) {
      // What was found so far stays to be looked at.
      this.#problem = databaseError(`Entries before ${this.#cursor + 1} cannot be searched`, cause).message;
    }
    this.#cursor = next;
    const ms = Math.max(performance.now() - before, 0.1);
    this.#slice = Math.ceil(Math.min(largestSlice, this.#slice * Math.min(4, Math.max(0.25, sliceMs / ms))));
  }

  /** Looks at what came since the last time; `false` where nothing did. */
  follow(): boolean {
    const last = Math.min(lastOf(this.#database), this.#newest + newSlice);
    if (last <= this.#newest) return false;
    if (!this.#isEverything) for (const seq of this.#matching(this.#sql.ascending, this.#newest, last)) this.#newer.push(seq);
    this.#newest = last;
    return true;
  }

  /** Rows from a place on; places where nothing was found are left out. */
  rows(from: number, limit: number): readonly EntryRow[] {
    const read = this.#database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw();
    const { older, newer } = this.state;
    const first = Math.max(from, -newer);
    const count = Math.max(0, Math.min(from + limit, older) - first);
    return Array.from({ length: count }, (_, i) => this.#at(first + i)).map((seq) => rowFrom(seq, read.get(seq)));
  }

  /** The numbers of everything found so far, oldest first. What is found later is not among them. */
  oldestFirst(): { readonly count: number; readonly numbers: Iterable<number> } {
    const { older, newer } = this.state;
    return { count: older + newer, numbers: this.#numbers(older - 1, -newer) };
  }

  *#numbers(first: number, last: number): Generator<number> {
    for (let place = first; place >= last; place -= 1) yield this.#at(place);
  }

  #at(place: number): number {
    if (this.#isEverything) return this.#start - place;
    return (place >= 0 ? this.#older.at(place) : this.#newer.at(-1 - place)) ?? 0;
  }

  *#matching(sql: string, after: number, upTo: number): Generator<number> {
    const statement = this.#database.prepare(sql).raw();
    for (const row of statement.all(after, upTo, ...this.#sql.values)) {
      const [seq, json] = numberAndText(row);
      if (json === undefined || this.#isMatch(json)) yield seq;
    }
  }

  /** Without a schema, which would cost more than all the rest. What cannot be read must not be hidden by a filter. */
  #isMatch(json: string): boolean {
    try {
      const entry: AuditEntry = JSON.parse(json);
      return this.#matches(entry);
    } catch {
      return true;
    }
  }

  /** Between which numbers entries of that time lie, by the index; the first one excluded. */
  #span({ since, until }: EntrySearch): readonly [after: number, last: number] {
    if (since === undefined && until === undefined) return [0, this.#start];
    const sql = 'SELECT min(seq), max(seq) FROM entries INDEXED BY entries_time WHERE time >= ? AND time < ?';
    const found = this.#database
      .prepare(sql)
      .raw()
      .get(since ?? -Number.MAX_VALUE, until ?? Number.MAX_VALUE);
    const [first, last] = z.parse(span, found);
    return first === null || last === null ? [0, 0] : [first - 1, Math.min(last, this.#start)];
  }
}

const span = z.tuple([z.nullable(z.number()), z.nullable(z.number())]);

/** The number of the last entry; 0 in an empty log. */
export function lastOf(database: Database): number {
  return Number(database.prepare('SELECT max(seq) FROM entries').pluck().get() ?? 0);
}

function numberAndText(row: unknown): readonly [seq: number, json: string | undefined] {
  const [seq, json]: readonly unknown[] = Array.isArray(row) ? row : [];
  return [Number(seq), typeof json === 'string' ? json : undefined];
}

function rowFrom(seq: number, row: unknown): EntryRow {
  try {
    return entryRow(recordOfRow(row));
  } catch {
    const time: unknown = Array.isArray(row) ? row[1] : 0;
    return unreadableRow(seq, Number(time));
  }
}
