import * as z from 'zod/mini';
import type { StoredEntry } from '../engine/audit/export/origin.ts';
import { AuditReader } from './audit-reader.ts';
import { type Database, databaseError, openShared } from './database.ts';

/** The last entry that a target has confirmed. */
interface Confirmed {
  readonly seq: number;
  readonly hash: string;
}

const schema = `
CREATE TABLE IF NOT EXISTS cursors (target TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, settled INTEGER NOT NULL) STRICT;`;

/**
 * How far each target of the live export has got. What is still to be sent is not copied: it stands in the log, so that weeks without
 * network cost nothing. A target that is new, or a log that was begun anew, starts with the first entry.
 */
export class Outbox {
  readonly #path: string;
  readonly #database: Database;
  readonly #reader: AuditReader;

  /** Throws with what to do when one of the files cannot be used. */
  constructor(path: string, audit: string) {
    this.#path = path;
    this.#database = openShared(path, schema, 1);
    this.#reader = new AuditReader(audit);
  }

  /** The hash of the log's first entry; empty while there is none. */
  log(): string {
    return this.#reader.hashOf(1) ?? '';
  }

  /** The first `limit` entries after number `seq`, oldest first. */
  after(seq: number, limit: number): readonly StoredEntry[] {
    return this.#reader.after(seq, limit);
  }

  /** How many entries there are after number `seq`. */
  waiting(seq: number): number {
    return Math.max(0, this.#reader.last() - seq);
  }

  /**
   * The number of the last entry that the target confirmed, and of the last one that it cannot lose any more. Nothing, where the log
   * is not the one any more in which these entries stand.
   */
  progress(target: string): { readonly confirmed: number; readonly settled: number } {
    const row = this.#using(() => this.#database.prepare('SELECT seq, hash, settled FROM cursors WHERE target = ?').get(target));
    const cursor = z.parse(optionalCursor, row);
    if (cursor === undefined || this.#reader.hashOf(cursor.seq) !== cursor.hash) return { confirmed: 0, settled: 0 };
    return { confirmed: cursor.seq, settled: cursor.settled };
  }

  confirm(target: string, { seq, hash }: Confirmed, settled: number): void {
    const sql = `INSERT INTO cursors VALUES (?, ?, ?, ?)
ON CONFLICT (target) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, settled = excluded.settled`;
    this.#using(() => this.#database.prepare(sql).run(target, seq, hash, settled));
  }

  close(): void {
    this.#reader.close();
    this.#database.close();
  }

  #using<T>(use: () => T): T {
    try {
      return use();
    } catch (cause) {
      throw databaseError(`Cannot use ${this.#path}`, cause);
    }
  }
}

const optionalCursor = z.optional(z.object({ seq: z.number(), hash: z.string(), settled: z.number() }));
