import * as z from 'zod/mini';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { type Facts, factsOf } from '../engine/audit/facts.ts';
import type { RecordedEntry } from '../engine/policy/replay/replay.ts';
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
  decisions(span: ReplaySpan, isWanted?: (session: string) => boolean): readonly number[] {
    const order = "ORDER BY coalesce(json ->> '$.facts.time', time), seq";
    if (isWanted === undefined) return this.#among(numbers, 'SELECT seq', order, span);
    const found = this.#among(texts, "SELECT json_array(seq, coalesce(session, ''))", order, span);
    return found.map((pair) => z.parse(numberAndSession, JSON.parse(pair))).flatMap(([seq, session]) => (isWanted(session) ? [seq] : []));
  }

  count(span: ReplaySpan): number {
    return this.#among(numbers, 'SELECT count(*)', '', span)[0] ?? 0;
  }

  /** The folders that decisions of that time were made in. */
  folders(span: ReplaySpan): readonly string[] {
    return this.#among(texts, "SELECT DISTINCT json ->> '$.cwd' AS cwd", 'AND cwd IS NOT NULL', span);
  }

  /** In the order of `seqs`; for an entry that cannot be understood, its number. */
  *records(seqs: readonly number[]): Generator<RecordedEntry | number> {
    const read = this.#database.prepare(bySeq).pluck();
    for (const seq of seqs) {
      const entry = entryIn(this.#reading(() => read.get(seq)));
      yield entry === undefined ? seq : { seq, entry };
    }
  }

  facts(seq: number): Facts | undefined {
    const entry = entryIn(this.#reading(() => this.#database.prepare(bySeq).pluck().get(seq)));
    return entry && factsOf(entry);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #among<T>(schema: z.ZodMiniType<T>, select: string, rest: string, { since = 0, until = Number.MAX_SAFE_INTEGER }: ReplaySpan): T {
    const sql = `${select} FROM entries INDEXED BY entries_time WHERE time >= ? AND time < ? AND kind = 'decision' ${rest}`;
    return this.#reading(() => z.parse(schema, this.#database.prepare(sql).pluck().all(since, until)));
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw databaseError(`Cannot read ${this.#path}`, cause);
    }
  }
}

const bySeq = 'SELECT json FROM entries WHERE seq = ?';
const numbers = z.array(z.number());
const texts = z.array(z.string());
const numberAndSession = z.tuple([z.number(), z.string()]);

/** With the least schema: a whole one would cost a third of the replay. What the log was made of was parsed when it was written. */
function entryIn(json: unknown): AuditEntry | undefined {
  try {
    const entry: AuditEntry = JSON.parse(String(json));
    return typeof entry.kind === 'string' && typeof entry.time === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}
