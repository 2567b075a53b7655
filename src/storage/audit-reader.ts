import * as z from 'zod/mini';
import type { StoredEntry } from '../engine/audit/export/origin.ts';
import type { Layer } from '../engine/decision.ts';
import { type AuditFilter, conditionsOf } from './audit-log.ts';
import { columns, recordOfRow, rowSchema } from './audit-rows.ts';
import { layer } from './decision-schema.ts';
import { type Database, databaseError, openDatabase } from './database.ts';

/** A policy's text as it was kept when it first came into force. */
export interface KeptPolicy {
  readonly digest: string;
  readonly source: string;
  readonly path: string;
  readonly layer: Layer;
  readonly firstSeen: number;
}

/** Reads a log from its beginning on, page by page: no page holds back those who write, and none holds more than its limit. */
export class AuditReader implements Disposable {
  readonly #path: string;
  readonly #database: Database;

  /** Throws where there is no log. */
  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, { readonly: true });
  }

  /** The first `limit` entries after number `seq` that the filter lets through, oldest first. */
  after(seq: number, limit: number, filter: AuditFilter = {}): readonly StoredEntry[] {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT ${columns} FROM entries ${where === '' ? 'WHERE' : `${where} AND`} seq > ? ORDER BY seq LIMIT ?`;
    return this.#reading(() =>
      this.#database
        .prepare(sql)
        .raw()
        .all(...values, seq, limit)
        .map(storedOf),
    );
  }

  /** Every entry that the filter lets through, oldest first, in pages. */
  *pages(filter: AuditFilter, pageSize = 500): Generator<readonly StoredEntry[]> {
    let seq = 0;
    for (;;) {
      const page = this.after(seq, pageSize, filter);
      if (page.length > 0) yield page;
      if (page.length < pageSize) return;
      seq = page.at(-1)?.record.seq ?? seq;
    }
  }

  /** The number of the last entry; 0 in an empty log. */
  last(): number {
    return this.#reading(() => Number(this.#database.prepare('SELECT max(seq) FROM entries').pluck().get() ?? 0));
  }

  /** The hash of an entry, by which a log is told from another one. */
  hashOf(seq: number): string | undefined {
    return this.#reading(() => z.parse(optionalHash, this.#database.prepare('SELECT hash FROM entries WHERE seq = ?').pluck().get(seq)));
  }

  policy(digest: string): KeptPolicy | undefined {
    const sql = 'SELECT digest, source, path, layer, first_seen AS firstSeen FROM policies WHERE digest = ?';
    return this.#reading(() => z.parse(optionalPolicy, this.#database.prepare(sql).get(digest)));
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw databaseError(`Cannot read ${this.#path}`, cause);
    }
  }
}

const optionalHash = z.optional(z.string());
const optionalPolicy = z.optional(z.object({ digest: z.string(), source: z.string(), path: z.string(), layer, firstSeen: z.number() }));

function storedOf(row: unknown): StoredEntry {
  const text = z.parse(rowSchema, row)[7];
  return { record: recordOfRow(row), text };
}
