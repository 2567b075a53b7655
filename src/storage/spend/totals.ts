import type { TotalFact } from '../../engine/spend/fact.ts';
import { hiddenOf, largerOf, type SessionSpent, type Total } from '../../engine/spend/hidden.ts';
import type { Prices } from '../../engine/spend/price.ts';
import { saidOf } from '../../engine/spend/said.ts';
import type { Usage } from '../../engine/spend/sum.ts';
import type { Tokens } from '../../engine/spend/usage.ts';
import type { Database } from '../database.ts';
import type { LiveRequests } from './live-requests.ts';
import type { Names } from './names.ts';
import type { SaidCosts } from './said-costs.ts';
import { usageColumns, usageOf, type UsageRow } from './usage-rows.ts';

interface TotalRow {
  readonly at: number;
  readonly begun: number;
  readonly model: number;
  readonly agent: number;
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly write5: number;
  readonly write1: number;
  readonly web: number;
  readonly usd: number | null;
}

/** What agents themselves say that their sessions used, and what of it is in no record. */
export class Totals {
  readonly #names: Names;
  readonly #live: LiveRequests;
  readonly #said: SaidCosts;
  readonly #insert;
  readonly #select;
  readonly #own;
  readonly #copied;
  readonly #origin;
  readonly #workspace;
  readonly #clear;
  readonly #hide;
  readonly #sessions;

  constructor(database: Database, names: Names, live: LiveRequests, said: SaidCosts) {
    this.#names = names;
    this.#live = live;
    this.#said = said;
    const place = 'session, at, model, agent';
    const amounts = 'input, output, read, write5, write1, web, usd';
    this.#insert = database.prepare<[readonly (number | null)[]]>(
      `REPLACE INTO totals (${place}, begun, ${amounts}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#select = database.prepare<[number], TotalRow>('SELECT * FROM totals WHERE session = ? ORDER BY at');
    this.#own = database.prepare<[number], UsageRow>(
      `SELECT quarter, agent, model, band, speed, region, ${usageColumns} FROM spots WHERE session = ? GROUP BY quarter, agent, model, band, speed, region`,
    );
    const copies =
      'FROM copies c JOIN responses r ON r.key = c.key JOIN spots s ON s.id = r.spot WHERE c.session = @session AND s.session <> @session';
    this.#copied = database.prepare<[{ session: number; after: number }], UsageRow>(
      `SELECT s.quarter, s.agent, s.model, s.band, s.speed, s.region, 1 AS responses, 0 AS open, r.input, r.output, r.read, r.write5, r.write1, r.web, r.at AS last ${copies} AND r.at > @after`,
    );
    this.#origin = database.prepare<[{ session: number }], number>(`SELECT s.session ${copies} ORDER BY r.at DESC LIMIT 1`).pluck();
    this.#workspace = database.prepare<[number], number>('SELECT workspace FROM spots WHERE session = ? ORDER BY quarter LIMIT 1').pluck();
    this.#clear = database.prepare<[number]>('DELETE FROM hidden WHERE session = ?');
    this.#hide = database.prepare<[readonly (number | null)[]]>(
      `INSERT INTO hidden (${place}, workspace, ${amounts}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#sessions = database.prepare<[], number>('SELECT session FROM totals UNION SELECT session FROM requests').pluck();
  }

  add(agent: string, { session, at, begun, models }: TotalFact): void {
    for (const { model, tokens, webSearches, usd } of models) {
      const place = [this.#names.id(session), at, this.#names.id(model), this.#names.id(agent)];
      this.#insert.run([...place, begun, ...amountsOf(tokens), webSearches, usd ?? null]);
    }
  }

  /** Finds anew what of a session is hidden: in its sums, or in requests that it told. */
  settle(session: string, prices: Prices, now: number): void {
    this.#settle(this.#names.id(session), prices, now);
  }

  /** The same for all of them: prices have changed. */
  settleAll(prices: Prices, now: number): void {
    for (const session of this.#sessions.all()) this.#settle(session, prices, now);
  }

  #settle(session: number, prices: Prices, now: number): void {
    const rows = this.#select.all(session);
    const live = this.#live.settle(session, prices, now);
    if (rows.length === 0 && live === undefined) return;
    this.#clear.run(session);
    const agent = rows[0]?.agent ?? live?.agent ?? 0;
    const spent = rows.length === 0 ? undefined : this.#spent(session, rows);
    const summed = spent === undefined ? [] : hiddenOf(spent, prices);
    this.#said.replace(session, spent === undefined ? [] : saidOf(spent, prices));
    const workspace = this.#workspace.get(session) ?? this.#names.id('');
    for (const { at, model, tokens, webSearches, usd } of largerOf(summed, live?.hidden ?? [])) {
      this.#hide.run([session, at, this.#names.id(model), agent, workspace, ...amountsOf(tokens), webSearches, usd ?? null]);
    }
  }

  #spent(session: number, rows: readonly TotalRow[]): SessionSpent {
    const inherited = this.#inherited(session, rows);
    return {
      agent: this.#names.text(rows[0]?.agent ?? 0),
      totals: this.#totals(rows),
      ...(inherited === undefined ? {} : { inherited }),
      copied: this.#usages(this.#copied.all({ session, after: inherited?.at ?? -1 })),
      own: this.#usages(this.#own.all(session)),
    };
  }

  /** What the session that this one was forked from had told last when it was. */
  #inherited(session: number, rows: readonly TotalRow[]): Total | undefined {
    const origin = this.#origin.get({ session });
    const begun = Math.max(0, ...rows.map((row) => row.begun));
    if (origin === undefined || begun === 0) return undefined;
    return this.#totals(this.#select.all(origin).filter(({ at }) => at <= begun)).at(-1);
  }

  #totals(rows: readonly TotalRow[]): readonly Total[] {
    const times = [...new Set(rows.map(({ at }) => at))];
    return times.map((at) => ({ at, models: rows.filter((row) => row.at === at).map((row) => this.#model(row)) }));
  }

  #model({ model, input, output, read, write5, write1, web, usd }: TotalRow) {
    const tokens = { input, output, cacheRead: read, cacheWrite5m: write5, cacheWrite1h: write1 };
    return { model: this.#names.text(model), tokens, webSearches: web, ...(usd === null ? {} : { usd }) };
  }

  #usages(rows: readonly UsageRow[]): readonly Usage[] {
    return rows.map((row) => usageOf(row, this.#names));
  }
}

function amountsOf({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): readonly number[] {
  return [input, output, cacheRead, cacheWrite5m, cacheWrite1h];
}
