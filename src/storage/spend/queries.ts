import { basename } from 'node:path';
import { costOf, type Prices } from '../../engine/spend/price.ts';
import type { SpendKey, SpendQuery, SpendReport, SpendSum } from '../../engine/spend/report.ts';
import { quarterMs } from '../../engine/spend/steps.ts';
import { Sum, type Cost, type Usage } from '../../engine/spend/sum.ts';
import { tabulate, type SpendItem } from '../../engine/spend/tabulate.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import type { SpendScope } from '../../governor/ports.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';
import type { SaidCosts } from './said-costs.ts';
import { hiddenUsageOf, usageColumns, usageOf, type HiddenRow, type UsageRow } from './usage-rows.ts';

/** Where something belongs, whatever it is split by. */
interface PlaceRow {
  readonly agent: number;
  readonly session: number;
  readonly subagent: number;
  readonly workspace: number;
}
interface Condition {
  readonly sql: string;
  readonly values: readonly number[];
}

/** Usage under one price, with what it is split by. */
interface Costed<Row> {
  readonly row: Row;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Asks the sums. Prices are put on here: what is stored are tokens. */
export class SpendQueries {
  readonly #database: Database;
  readonly #names: Names;
  readonly #said: SaidCosts;

  constructor(database: Database, names: Names, said: SaidCosts) {
    this.#database = database;
    this.#names = names;
    this.#said = said;
  }

  sum(scope: SpendScope, prices: Prices): SpendSum {
    const sum = new Sum();
    for (const { usage, cost } of this.#used<UsageRow>(scope, 'min(quarter) AS quarter', 'quarter / 96', prices)) sum.add(usage, cost);
    const { sql, values } = this.#where(scope, 'at', 1);
    const rows = this.#database.prepare<[readonly number[]], HiddenRow>(`SELECT * FROM hidden ${sql}`).all(values);
    for (const row of rows) sum.addHidden(hiddenUsageOf(row, this.#names), this.#hiddenCost(row));
    return sum.value;
  }

  report(query: SpendQuery, prices: Prices): SpendReport {
    const since = Math.max(query.since, Math.min(this.#earliest(), query.until));
    const stale = this.#said.stale(query.since, query.until, query.session);
    return { ...tabulate({ ...query, since }, this.#items(query, prices)), ...(stale.length > 0 ? { stale } : {}) };
  }

  /** Nobody wants to see the years before. */
  #earliest(): number {
    const spot = this.#database.prepare<[], number | null>('SELECT min(quarter) FROM spots').pluck().get();
    const hidden = this.#database.prepare<[], number | null>('SELECT min(at) FROM hidden').pluck().get();
    return Math.min((spot ?? Infinity) * quarterMs, hidden ?? Infinity);
  }

  *#items(query: SpendQuery, prices: Prices): Iterable<SpendItem> {
    const columns = `quarter, ${placeColumns[query.by]}`;
    for (const used of this.#used<UsageRow & PlaceRow>(query, columns, `quarter, ${groups[query.by]}`, prices)) {
      const { row, usage, cost } = used;
      yield { kind: 'usage', usage, cost, at: usage.at, lastAt: row.last, ...this.#named(query.by, row, row.model) };
    }
    const { sql, values } = this.#where(query, 'at', 1);
    const empty = this.#names.id('');
    const rows = this.#database.prepare<[readonly number[]], HiddenRow & PlaceRow>(`SELECT *, ${empty} AS subagent FROM hidden ${sql}`);
    for (const row of rows.all(values)) {
      const hidden = hiddenUsageOf(row, this.#names);
      const cost = this.#hiddenCost(row);
      yield { kind: 'hidden', hidden, cost, at: row.at, lastAt: row.at, ...this.#named(query.by, row, row.model) };
    }
  }

  /** Everything of the scope. What has no price is looked at session by session: an agent may have said what it cost in one. */
  *#used<Row extends UsageRow>(scope: SpendScope, columns: string, by: string, prices: Prices): Iterable<Costed<Row>> {
    const { sql, values } = this.#where(scope, 'quarter', quarterMs);
    const select = (more: string, where: string, group: string): readonly Row[] =>
      this.#database
        .prepare<[readonly number[]], Row>(
          `SELECT ${more} ${columns}, agent, model, band, speed, region, ${usageColumns} FROM spots ${where}
          GROUP BY ${group} ${by}, agent, model, band, speed, region`,
        )
        .all(values);
    const unpriced = new Set<number>();
    for (const row of select('', sql, '')) {
      const usage = usageOf(row, this.#names);
      const usd = costOf(usage, prices);
      if (usd === undefined && this.#said.knows(usage.terms.model)) unpriced.add(row.model);
      else if (usage.responses > 0) yield { row, usage, cost: { usd, isSaid: false } };
    }
    if (unpriced.size === 0) return;
    const models = `${sql === '' ? 'WHERE' : `${sql} AND`} model IN (${[...unpriced].join()})`;
    for (const row of select('session AS owner,', models, 'session,')) {
      const usage = usageOf(row, this.#names);
      // In fast mode, or on some days, the same model may have one.
      if (usage.responses === 0 || costOf(usage, prices) !== undefined) continue;
      yield { row, usage, cost: this.#saidCost(row.owner, usage.terms.model, totalOf(usage.tokens)) };
    }
  }

  #hiddenCost(row: HiddenRow): Cost {
    if (row.usd !== null) return { usd: row.usd, isSaid: false };
    return this.#saidCost(row.session, this.#names.text(row.model), row.input + row.output + row.read + row.write5 + row.write1);
  }

  #saidCost(session: number | undefined, model: string, tokens: number): Cost {
    const usd = session === undefined ? undefined : this.#said.costOf(session, model, tokens);
    return { usd, isSaid: usd !== undefined };
  }

  #named(by: SpendKey, row: PlaceRow, model: number): Pick<SpendItem, 'key' | 'name'> {
    const text = (id: number): string => this.#names.text(id);
    switch (by) {
      case 'session':
        return {
          key: text(row.session),
          name: () => ({ label: this.#label(row.session, ''), detail: `${text(row.agent)} · ${text(row.workspace)}` }),
        };
      case 'subagent':
        return {
          key: text(row.subagent),
          name: () => this.#subagent(text(row.session), row),
        };
      case 'agent':
        return { key: text(row.agent), name: () => ({ label: text(row.agent), detail: '' }) };
      case 'model':
        return { key: text(model), name: () => ({ label: text(model), detail: '' }) };
      case 'workspace':
        return {
          key: text(row.workspace),
          name: () => ({ label: basename(text(row.workspace)) || 'No folder', detail: text(row.workspace) }),
        };
    }
  }

  /** The main agents of all sessions are one row where no session is asked for. */
  #subagent(session: string, row: PlaceRow) {
    const subagent = this.#names.text(row.subagent);
    return subagent === '' ? { label: 'Main agent', detail: '' } : { label: this.#label(row.session, subagent), detail: session };
  }

  #label(session: number, subagent: string): string {
    const select = this.#database.prepare<[number, number], string>('SELECT label FROM labels WHERE session = ? AND subagent = ?').pluck();
    const found = select.get(session, this.#names.id(subagent));
    if (found !== undefined) return found;
    return subagent === '' ? this.#names.text(session) : subagent;
  }

  #where(scope: SpendScope & { readonly until?: number }, time: string, unit: number): Condition {
    const { agent, session, workspace, since, until } = scope;
    const named = Object.entries({ agent, session, workspace }).filter(([, text]) => text !== undefined);
    // A text that was never seen has no number, and nothing was used there.
    const values = named.map(([, text]) => this.#names.known(text ?? '') ?? -1);
    const spans = [
      ...(since === undefined ? [] : [[`${time} >= ?`, Math.floor(since / unit)] as const]),
      ...(until === undefined ? [] : [[`${time} < ?`, Math.ceil(until / unit)] as const]),
    ];
    const conditions = [...named.map(([column]) => `${column} = ?`), ...spans.map(([sql]) => sql)];
    return {
      sql: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
      values: [...values, ...spans.map(([, value]) => value)],
    };
  }
}

const placeColumns: Readonly<Record<SpendKey, string>> = {
  session: 'session, max(workspace) AS workspace',
  subagent: 'session, subagent, workspace',
  agent: 'session, subagent, workspace',
  model: 'session, subagent, workspace',
  workspace: 'workspace, session, subagent',
};
const groups: Readonly<Record<SpendKey, string>> = {
  session: 'session',
  subagent: 'session, subagent',
  agent: 'agent',
  model: 'model',
  workspace: 'workspace',
};
