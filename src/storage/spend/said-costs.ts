import { sameModel } from '../../engine/spend/hidden.ts';
import type { StalePrice } from '../../engine/spend/report.ts';
import { staleOf, type Said } from '../../engine/spend/said.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';

interface SaidRow {
  readonly model: number;
  readonly at: number;
  readonly tokens: number;
  readonly usd: number;
  readonly ours: number;
}

/** What agents said that models had cost: the last resort where nobody knows a price, and a check of the prices that there are. */
export class SaidCosts {
  readonly #names: Names;
  readonly #clear;
  readonly #insert;
  readonly #rate;
  readonly #any;
  readonly #compared;

  constructor(database: Database, names: Names) {
    this.#names = names;
    this.#clear = database.prepare<[number]>('DELETE FROM said WHERE session = ?');
    this.#insert = database.prepare<[readonly (number | null)[]]>('INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)');
    this.#rate = database.prepare<[number, number], number>('SELECT usd / tokens FROM said WHERE session = ? AND model = ?').pluck();
    this.#any = database.prepare<[number], number>('SELECT 1 FROM said WHERE model = ? LIMIT 1').pluck();
    this.#compared = database.prepare<[{ since: number; until: number; session: number | null }], SaidRow>(
      `SELECT * FROM said WHERE ours IS NOT NULL AND at >= @since AND at < @until AND (@session IS NULL OR session = @session)`,
    );
  }

  replace(session: number, said: readonly Said[]): void {
    this.#clear.run(session);
    for (const { model, at, tokens, usd, ours } of said) this.#insert.run([session, this.#names.id(model), at, tokens, usd, ours ?? null]);
  }

  /** Whether anything was said of a model, in whatever session. */
  knows(model: string): boolean {
    const known = this.#names.known(sameModel(model));
    return known !== undefined && this.#any.get(known) !== undefined;
  }

  /** US dollars for as many tokens of a model, at the average of that session; it is no price for any other. */
  costOf(session: number, model: string, tokens: number): number | undefined {
    const known = this.#names.known(sameModel(model));
    const rate = known === undefined ? undefined : this.#rate.get(session, known);
    return rate === undefined ? undefined : rate * tokens;
  }

  stale(since: number, until: number, session?: string): readonly StalePrice[] {
    const only = session === undefined ? null : (this.#names.known(session) ?? -1);
    return staleOf(this.#compared.all({ since, until, session: only }).map((row) => ({ ...row, model: this.#names.text(row.model) })));
  }
}
