import type { RequestFact } from '../../engine/spend/fact.ts';
import { hashOf } from '../../engine/spend/hash.ts';
import { sameModel } from '../../engine/spend/hidden.ts';
import { costOf, type Prices } from '../../engine/spend/price.ts';
import type { Hidden } from '../../engine/spend/sum.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';

interface RequestRow {
  readonly agent: number;
  readonly at: number;
  readonly model: number;
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly write5: number;
  readonly write1: number;
  readonly usd: number | null;
}

export interface LiveHidden {
  readonly agent: number;
  readonly hidden: readonly Hidden[];
}

/** A response is written down, and read, within that time; unless the next one of the same agent shows earlier that it was not. */
const writtenMs = 10_000;

/** Requests that agents told while they ran. Those that a record has a response of are forgotten: they are counted there. */
export class LiveRequests {
  readonly #database: Database;
  readonly #names: Names;
  readonly #insert;
  readonly #forget;
  readonly #show;
  readonly #select;
  readonly #due;
  readonly #any;
  #isIndexed = false;

  constructor(database: Database, names: Names) {
    this.#database = database;
    this.#names = names;
    this.#insert = database.prepare<[readonly (number | null)[]]>(
      'INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)',
    );
    this.#forget = database.prepare<[number]>(
      'DELETE FROM requests WHERE session = ? AND EXISTS (SELECT 1 FROM responses r WHERE r.request <> 0 AND r.request = requests.request)',
    );
    this.#show = database.prepare<[{ session: number; before: number }]>(`UPDATE requests SET shown = 1 WHERE session = @session
      AND shown = 0 AND (heard <= @before OR at < (SELECT max(s.last) FROM spots s
        WHERE s.session = requests.session AND s.subagent = requests.subagent AND s.responses > 0))`);
    this.#select = database.prepare<[number], RequestRow>(`SELECT max(agent) AS agent, at, model, sum(input) AS input,
      sum(output) AS output, sum(read) AS read, sum(write5) AS write5, sum(write1) AS write1,
      CASE WHEN count(usd) = count(*) THEN sum(usd) END AS usd
      FROM requests WHERE session = ? AND shown = 1 GROUP BY at, model ORDER BY at`);
    this.#due = database.prepare<[number], number>('SELECT DISTINCT session FROM requests WHERE shown = 0 AND heard <= ?').pluck();
    this.#any = database.prepare<[number], number>('SELECT 1 FROM requests WHERE session = ? LIMIT 1').pluck();
  }

  /** Again with the same does nothing. */
  add({ agent, session, subagent, request, at, model, tokens, usd }: RequestFact, now: number): void {
    this.#index();
    const place = [session, subagent, agent, sameModel(model)].map((text) => this.#names.id(text));
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
    const amounts = [input, output, cacheRead, cacheWrite5m, cacheWrite1h];
    this.#insert.run([hashOf(request), ...place, Math.min(at, now), now, ...amounts, usd ?? null]);
  }

  /** The sessions of which a request has waited long enough for its response. */
  due(now: number): readonly string[] {
    return this.#due.all(now - writtenMs).map((session) => this.#names.text(session));
  }

  /** What of a session is in no record, as of now. */
  settle(session: number, prices: Prices, now: number): LiveHidden | undefined {
    if (this.#any.get(session) === undefined) return undefined;
    this.#forget.run(session);
    this.#show.run({ session, before: now - writtenMs });
    const rows = this.#select.all(session);
    return { agent: rows[0]?.agent ?? 0, hidden: rows.map((row) => this.#hidden(row, prices)) };
  }

  /** A model that nobody knows a price of has none, whatever the agent guesses. */
  #hidden({ agent, at, model, input, output, read, write5, write1, usd }: RequestRow, prices: Prices): Hidden {
    const name = this.#names.text(model);
    const tokens = { input, output, cacheRead: read, cacheWrite5m: write5, cacheWrite1h: write1 };
    const terms = { model: name, band: 0, speed: 'standard', region: '' } as const;
    const listed = costOf({ agent: this.#names.text(agent), terms, at, tokens, webSearches: 0 }, prices);
    return { model: name, at, tokens, webSearches: 0, ...(listed === undefined ? {} : { usd: usd ?? listed }) };
  }

  /** Only who is told of requests pays for finding responses by them. */
  #index(): void {
    if (this.#isIndexed) return;
    this.#database.exec('CREATE INDEX IF NOT EXISTS responses_by_request ON responses (request) WHERE request <> 0');
    this.#isIndexed = true;
  }
}
