import * as z from 'zod/mini';
import type { RecentCall } from '../engine/budget/judge-breaker.ts';
import type { BudgetNote, BudgetStore, RecentCalls } from '../governor/ports.ts';

type Values = readonly (string | number)[];

/** The hands of the database that holds the rows. */
interface Rows {
  readonly run: (sql: string, ...values: Values) => number;
  readonly runInPassing: (sql: string, ...values: Values) => void;
  readonly rows: (sql: string, ...values: Values) => readonly unknown[];
}

/** Every time zone's hours begin at a multiple of it. */
const quarterMs = 900_000;
/** The quarter under which all calls are added up that were ever made. */
const ever = -1;
const day = 86_400_000;
/** The longest window is a month; circuit breakers look back a day; what people decided outlives every session. */
const keep = { calls: 40 * day, recent: day, notes: 400 * day } as const;

const sum = z.tuple([z.object({ calls: z.number() })]);
const noteRow = z.object({ value: z.number(), text: z.string(), at: z.number() });
const recentRow = z.object({ call: z.string(), tool: z.string(), at: z.number(), failed: z.nullable(z.number()) });

/** What budgets remember, in the database of the state. */
export class BudgetRows implements BudgetStore {
  readonly #database: Rows;

  constructor(database: Rows) {
    this.#database = database;
  }

  readonly countCall = (counters: readonly string[], at: number): void => {
    const sql = 'INSERT INTO budget_calls VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET calls = calls + 1';
    for (const counter of counters) {
      this.#database.runInPassing(sql, counter, quarterOf(at));
      this.#database.runInPassing(sql, counter, ever);
    }
  };

  readonly callsCounted = (counter: string, since?: number): number => {
    const where = since === undefined ? 'quarter = ?' : 'quarter >= ?';
    const sql = `SELECT coalesce(sum(calls), 0) AS calls FROM budget_calls WHERE counter = ? AND ${where}`;
    return z.parse(sum, this.#database.rows(sql, counter, since === undefined ? ever : quarterOf(since)))[0].calls;
  };

  readonly saveCall = (session: string, digest: string, { callId, nativeTool, at }: RecentCall): void =>
    this.#database.runInPassing('INSERT INTO budget_recent VALUES (?, ?, ?, ?, ?, NULL, NULL)', session, digest, callId, nativeTool, at);

  readonly endCall = (session: string, callId: string, failed: boolean, at: number): void => {
    const sql = 'UPDATE budget_recent SET ended = ?, failed = ? WHERE session = ? AND call = ? AND ended IS NULL';
    this.#database.runInPassing(sql, at, failed ? 1 : 0, session, callId);
  };

  readonly recentCalls = (session: string, { after, limit, digest, ended }: RecentCalls): readonly RecentCall[] => {
    const by = ended === true ? 'ended' : 'at';
    const same = digest === undefined ? '' : 'AND digest = ?';
    const sql = `SELECT call, tool, at, failed FROM budget_recent WHERE session = ? ${same} AND ${by} > ? ORDER BY ${by} DESC, rowid DESC LIMIT ?`;
    const values = [session, ...(digest === undefined ? [] : [digest]), after, limit];
    return z.parse(z.array(recentRow), this.#database.rows(sql, ...values)).map(callOf);
  };

  readonly note = (key: string): BudgetNote | undefined =>
    z.parse(z.array(noteRow), this.#database.rows('SELECT value, text, at FROM budget_notes WHERE key = ?', key))[0];

  readonly saveNote = (key: string, { value, text, at }: BudgetNote, when: 'at once' | 'in passing'): void => {
    const save = when === 'at once' ? this.#database.run : this.#database.runInPassing;
    save('INSERT OR REPLACE INTO budget_notes VALUES (?, ?, ?, ?)', key, value, text, at);
  };

  prune(now: number): void {
    this.#database.run('DELETE FROM budget_calls WHERE quarter <> ? AND quarter < ?', ever, quarterOf(now - keep.calls));
    this.#database.run('DELETE FROM budget_recent WHERE at < ?', now - keep.recent);
    this.#database.run('DELETE FROM budget_notes WHERE at < ?', now - keep.notes);
  }
}

function quarterOf(at: number): number {
  return Math.floor(at / quarterMs);
}

function callOf({ call, tool, at, failed }: z.infer<typeof recentRow>): RecentCall {
  return { callId: call, nativeTool: tool, at, ...(failed === null ? {} : { failed: failed === 1 }) };
}
