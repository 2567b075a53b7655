import * as z from 'zod/mini';
import type { AuditRecord } from '../engine/audit/entry.ts';
import { type Facts, factsOf } from '../engine/audit/facts.ts';
import { columns, recordOfRow } from './audit-rows.ts';
import { type Database, databaseError, openDatabase } from './database.ts';

export interface ReplaySpan {
  /** Milliseconds since the epoch; `until` is exclusive. */
  readonly since?: number;
  readonly until?: number;
}

/** Recorded calls in the order in which they were judged, read while others write. */
export class ReplayLog implements Disposable {
  readonly #path: string;
  readonly #database: Database;

  /** Throws where there is no log. */
  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, { readonly: true });
  }

  /**
   * The numbers of all decisions of that time. A call that waited for a person has its entry later than others that were judged after
   * it: the order is that of judging.
   */
  decisions({ since = 0, until = Number.MAX_SAFE_INTEGER }: ReplaySpan): readonly number[] {
    const judged = "coalesce(json ->> '$.facts.time', time)";
    const sql = `SELECT seq FROM entries INDEXED BY entries_time WHERE time >= ? AND time < ? AND kind = 'decision' ORDER BY ${judged}, seq`;
    return this.#reading(() => z.parse(numbers, this.#database.prepare(sql).pluck().all(since, until)));
  }

  /** The folders that decisions of that time were made in. */
  folders({ since = 0, until = Number.MAX_SAFE_INTEGER }: ReplaySpan): readonly string[] {
    const sql = `SELECT DISTINCT json ->> '$.cwd' AS cwd FROM entries INDEXED BY entries_time WHERE time >= ? AND time < ? AND kind = 'decision' AND cwd IS NOT NULL`;
    return this.#reading(() => z.parse(texts, this.#database.prepare(sql).pluck().all(since, until)));
  }

  /** In the order of `seqs`; an entry that cannot be read is left out, and has its number told instead. */
  *records(seqs: readonly number[]): Generator<AuditRecord | number> {
    const read = this.#database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw();
    for (const seq of seqs) yield readable(seq, () => recordOfRow(read.get(seq)));
  }

  facts(seq: number): Facts | undefined {
    return this.#reading(() => {
      const row = this.#database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw().get(seq);
      const record = row === undefined ? seq : readable(seq, () => recordOfRow(row));
      return typeof record === 'number' ? undefined : factsOf(record.entry);
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw databaseError(`Cannot read ${this.#path}`, cause);
    }
  }
}

const numbers = z.array(z.number());
const texts = z.array(z.string());

function readable(seq: number, read: () => AuditRecord): AuditRecord | number {
  try {
    return read();
  } catch {
    return seq;
  }
}
