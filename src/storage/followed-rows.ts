import { setImmediate } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { RecordRows } from '../agents/opencode/record-rows.ts';
import { statOf } from './claude-transcripts.ts';
import { type Database, isBusy, openDatabase } from './database.ts';

export interface FollowedRow {
  readonly line: string;
  /** When its session began, in milliseconds since the epoch. */
  readonly begun: number;
}

/** So many rows are read at once: whoever has this thread waits that long. */
const pageRows = 100;
/** Two processes write: a row may come behind one that was made later. */
const slackMs = 10_000;
/** What was read this long ago has been judged; what is newer is read again after a crash. */
const settledMs = 3_000;
/** One that was never finished is not waited for longer: whoever ran it is gone. */
const longestMs = 25 * 60 * 60_000;

const rowSchema = z.object({
  number: z.number(),
  id: z.string(),
  made: z.number(),
  begun: z.number(),
  isOpen: z.number(),
  line: z.string(),
});
type Row = z.infer<typeof rowSchema>;

/**
 * A client's own database, looked into while it is written to: by a connection that only reads, is open for a few rows at a time, and waits
 * for nobody. Rows are followed by when they were made: their numbers are given anew once the last ones were deleted.
 */
export class FollowedRows {
  readonly #path: string;
  readonly #rows: RecordRows;
  /** When the newest one was made. */
  #from: number;
  #top = Infinity;
  #stamp = '';
  /** Calls that are not over, and those that were told of late, with when that was. */
  readonly #calls = new Map<string, { readonly made: number; readonly toldAt?: number }>();

  constructor(path: string, rows: RecordRows, from: number) {
    this.#path = path;
    this.#rows = rows;
    this.#from = from;
  }

  /** Another process may go on with what was made since then. */
  get settled(): number {
    return Math.min(this.#from, ...[...this.#calls.values()].map(({ made }) => made));
  }

  /** Tells each call that is over, once. Resolves with whether the file has changed; one that is gone, or locked just now, has not. */
  async read(tell: (row: FollowedRow) => void, now: number): Promise<boolean> {
    this.#forget(now);
    const stamp = await stampOf(this.#path);
    if (stamp === this.#stamp) return false;
    this.#stamp = stamp;
    return stamp !== '' && this.#readAll(tell, now);
  }

  async #readAll(tell: (row: FollowedRow) => void, now: number): Promise<boolean> {
    const database = openDatabase(this.#path, { readonly: true, timeoutMs: 0 });
    try {
      this.#readAgain(database, tell, now);
      await this.#readNew(database, tell, now);
      return true;
    } catch (error) {
      if (!isBusy(error)) throw error;
      this.#stamp = '';
      return false;
    } finally {
      database.close();
    }
  }

  #readAgain(database: Database, tell: (row: FollowedRow) => void, now: number): void {
    const one = database.prepare(this.#rows.one);
    for (const [id, { toldAt }] of this.#calls) {
      const [row] = toldAt === undefined ? parsed(one.all(id)) : [];
      if (row !== undefined) this.#heed(row, tell, now);
    }
  }

  async #readNew(database: Database, tell: (row: FollowedRow) => void, now: number): Promise<void> {
    const below = database.prepare(this.#rows.below);
    let [from, top] = [this.#from, 0];
    for (let page = parsed(below.all(Number.MAX_SAFE_INTEGER, pageRows)); page.length > 0;) {
      const fresh = page.filter(({ made, number }) => made >= this.#from - slackMs || number > this.#top);
      for (const row of fresh) this.#heed(row, tell, now);
      from = Math.max(from, ...fresh.map(({ made }) => made));
      top = Math.max(top, ...page.map(({ number }) => number));
      await setImmediate();
      page = fresh.length < page.length ? [] : parsed(below.all(page.at(-1)?.number ?? 0, pageRows));
    }
    this.#from = from;
    this.#top = top;
  }

  #heed({ id, made, isOpen, line, begun }: Row, tell: (row: FollowedRow) => void, now: number): void {
    if (line === '' || this.#calls.get(id)?.toldAt !== undefined) return;
    this.#calls.set(id, isOpen === 1 ? { made } : { made, toldAt: now });
    if (isOpen === 0) tell({ line, begun });
  }

  #forget(now: number): void {
    for (const [id, { made, toldAt }] of this.#calls) {
      const isSettled = toldAt !== undefined && now - toldAt >= settledMs && made < this.#from - slackMs;
      if (isSettled || now - made > longestMs) this.#calls.delete(id);
    }
  }
}

function parsed(rows: readonly unknown[]): readonly Row[] {
  return rows.map((row) => z.parse(rowSchema, row));
}

/** Changes with each change: what is new stands in the log beside the file first. '' where there is no file. */
async function stampOf(path: string): Promise<string> {
  const found = await statOf(path);
  const log = await statOf(`${path}-wal`);
  return found === undefined ? '' : [found, log].map((one) => `${one?.ino} ${one?.size} ${one?.mtimeMs}`).join(' ');
}
