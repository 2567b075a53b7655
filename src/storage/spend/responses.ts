import { hashOf } from '../../engine/spend/hash.ts';
import { isAnother, merged, type Response } from '../../engine/spend/response.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';
import { Spots } from './spots.ts';

interface Pending {
  readonly response: Response;
  /** Sessions whose records have it. */
  readonly holders: readonly string[];
}

type Row = readonly number[];

/** Every response that was ever read, and the sums that follow from them. */
export class Responses {
  readonly #names: Names;
  readonly #spots: Spots;
  readonly #insert;
  readonly #select;
  readonly #update;
  readonly #copy;
  #pending = new Map<number, Pending>();
  #changed = new Set<string>();

  constructor(database: Database, names: Names) {
    this.#names = names;
    this.#spots = new Spots(database, names);
    const columns = 'key, spot, at, begun, claim, request, prompt, input, output, read, write5, write1, web, final';
    const values = '?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?';
    this.#insert = database.prepare(`INSERT INTO responses (${columns}) VALUES (${values}) ON CONFLICT DO NOTHING`);
    this.#select = database.prepare<[number], Row>(`SELECT ${columns} FROM responses WHERE key = ?`).raw();
    this.#update = database.prepare(`REPLACE INTO responses (${columns}) VALUES (${values})`);
    this.#copy = database.prepare('INSERT OR IGNORE INTO copies VALUES (?, ?)');
  }

  /** How many wait for `flush`. */
  get size(): number {
    return this.#pending.size;
  }

  /** A record of the session `holder` has this; '' where it is not known whose record it is. */
  add(agent: string, key: string, response: Response, holder: string): void {
    this.#addAt(hashOf(`${agent} ${key}`), response, holder);
  }

  /** Writes what was added since the last time. Within a transaction of the caller's. */
  flush(): void {
    for (const [key, pending] of this.#pending) this.#write(key, pending);
    // A map that is only cleared links its old tables to the new ones: what was in it outlives every quick collection of garbage.
    this.#pending = new Map();
    this.#spots.flush();
  }

  /** The sessions whose sums have changed since the last time. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** After a transaction that was not committed. */
  forget(): void {
    this.#pending.clear();
    this.#spots.forget();
  }

  #addAt(key: number, response: Response, holder: string): void {
    const known = this.#pending.get(key);
    if (known === undefined) return void this.#pending.set(key, { response, holders: [holder] });
    if (isAnother(known.response, response)) return this.#addAt(besides(key, response), response, holder);
    const both = merged(known.response, response);
    const isKnown = known.holders.includes(holder);
    if (both !== known.response || !isKnown)
      this.#pending.set(key, { response: both, holders: isKnown ? known.holders : [...known.holders, holder] });
  }

  #write(key: number, { response, holders }: Pending): void {
    const spot = this.#spots.id(response);
    if (this.#insert.run(this.#row(key, spot, response)).changes === 1) {
      this.#spots.add(spot, response, 1);
      this.#settle(key, response, holders);
      return;
    }
    const row = this.#select.get(key);
    if (row === undefined) return;
    const known = this.#spots.response(row);
    if (isAnother(known, response)) return this.#write(besides(key, response), { response, holders });
    const both = merged(known, response);
    if (both !== known) this.#replace(key, row, known, both);
    this.#settle(key, both, [...holders, known.session], both !== known);
  }

  #replace(key: number, row: Row, known: Response, both: Response): void {
    const spot = this.#spots.id(both);
    this.#update.run(this.#row(key, spot, both));
    this.#spots.add(row[1] ?? 0, known, -1);
    this.#spots.add(spot, both, 1);
    this.#changed.add(known.session);
  }

  /** Who has the response without owning it holds a copy. */
  #settle(key: number, { session }: Response, holders: readonly string[], hasChanged = true): void {
    if (hasChanged) this.#changed.add(session);
    for (const holder of holders) {
      if (holder === session || holder === '') continue;
      if (this.#copy.run(this.#names.id(holder), key).changes === 1) this.#changed.add(holder);
    }
  }

  #row(key: number, spot: number, { at, begun, claim, request, prompt, tokens, webSearches, isFinal }: Response): readonly number[] {
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
    return [
      key,
      spot,
      at,
      begun,
      claim,
      request,
      prompt,
      input,
      output,
      cacheRead,
      cacheWrite5m,
      cacheWrite1h,
      webSearches,
      isFinal ? 1 : 0,
    ];
  }
}

function besides(key: number, { request }: Response): number {
  return hashOf(`${key} ${request}`);
}
