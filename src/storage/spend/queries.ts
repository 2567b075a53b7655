import { basename } from 'node:path';
import { costOf, type Prices } from '../../engine/spend/price.ts';
import type { SpendKey, SpendQuery, SpendReport, SpendSum } from '../../engine/spend/report.ts';
import { quarterMs } from '../../engine/spend/steps.ts';
import { Sum } from '../../engine/spend/sum.ts';
import { tabulate, type SpendItem } from '../../engine/spend/tabulate.ts';
import type { SpendScope } from '../../governor/ports.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';
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

/** Asks the sums. Prices are put on here: what is stored are tokens. */
export class SpendQueries {
  readonly #database: Database;
  readonly #names: Names;

  constructor(database: Database, names: Names) {
    this.#database = database;
    this.#names = names;
  }

  sum(scope: SpendScope, prices: Prices): SpendSum {
    const sum = new Sum();
    const spots = this.#where(scope, 'quarter', quarterMs);
    const usages = this.#database.prepare<[readonly number[]], UsageRow>(`
      SELECT min(quarter) AS quarter, agent, model, band, speed, region, ${usageColumns} FROM spots ${spots.sql}
      GROUP BY quarter / 96, agent, model, band, speed, region`);
    for (const row of usages.all(spots.values)) {
      const usage = usageOf(row, this.#names);
      if (usage.responses > 0) sum.add(usage, costOf(usage, prices));
    }
    const hidden = this.#where(scope, 'at', 1);
    const rows = this.#database.prepare<[readonly number[]], HiddenRow>(`SELECT * FROM hidden ${hidden.sql}`).all(hidden.values);
    for (const row of rows) sum.addHidden(hiddenUsageOf(row, this.#names));
    return sum.value;
  }

  report(query: SpendQuery, prices: Prices): SpendReport {
    const since = Math.max(query.since, Math.min(this.#earliest(), query.until));
    return tabulate({ ...query, since }, this.#items(query), prices);
  }

  /** Nobody wants to see the years before. */
  #earliest(): number {
    const spot = this.#database.prepare<[], number | null>('SELECT min(quarter) FROM spots').pluck().get();
    const hidden = this.#database.prepare<[], number | null>('SELECT min(at) FROM hidden').pluck().get();
    return Math.min((spot ?? Infinity) * quarterMs, hidden ?? Infinity);
  }

  *#items(query: SpendQuery): Iterable<SpendItem> {
    const place = placeColumns[query.by];
    const spots = this.#where(query, 'quarter', quarterMs);
    const usages = this.#database.prepare<[readonly number[]], UsageRow & PlaceRow>(`
      SELECT quarter, model, band, speed, region, ${place}, ${usageColumns} FROM spots ${spots.sql}
      GROUP BY quarter, agent, model, band, speed, region, ${groups[query.by]}`);
    for (const row of usages.all(spots.values)) {
      const usage = usageOf(row, this.#names);
      if (usage.responses > 0) yield { kind: 'usage', usage, at: usage.at, lastAt: row.last, ...this.#named(query.by, row, row.model) };
    }
    const { sql, values } = this.#where(query, 'at', 1);
    const empty = this.#names.id('');
    const hidden = this.#database.prepare<[readonly number[]], HiddenRow & PlaceRow>(`SELECT *, ${empty} AS subagent FROM hidden ${sql}`);
    for (const row of hidden.all(values)) {
      const found = hiddenUsageOf(row, this.#names);
      yield { kind: 'hidden', hidden: found, at: row.at, lastAt: row.at, ...this.#named(query.by, row, row.model) };
    }
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
  session: 'session, agent, max(workspace) AS workspace',
  subagent: 'session, subagent, agent, workspace',
  agent: 'agent, session, subagent, workspace',
  model: 'agent, session, subagent, workspace',
  workspace: 'workspace, agent, session, subagent',
};
const groups: Readonly<Record<SpendKey, string>> = {
  session: 'session',
  subagent: 'session, subagent',
  agent: 'agent',
  model: 'model',
  workspace: 'workspace',
};
