import type { Response } from '../../engine/spend/response.ts';
import { quarterMs } from '../../engine/spend/steps.ts';
import { bandOf } from '../../engine/spend/usage.ts';
import type { Database } from '../database.ts';
import type { Names } from './names.ts';

interface SpotRow {
  readonly agent: number;
  readonly session: number;
  readonly subagent: number;
  readonly workspace: number;
  readonly model: number;
  readonly speed: number;
  readonly region: number;
}

/** responses, open, input, output, read, write5, write1, web, last */
type Delta = number[];

/** The sums: one spot for all responses that no question tells apart. */
export class Spots {
  readonly #names: Names;
  readonly #find;
  readonly #insert;
  readonly #select;
  readonly #update;
  /** Spots of the place that the last response belongs to: the next one is likely of the same. */
  #ids = new Map<string, number>();
  #place: Response | undefined;
  #deltas = new Map<number, Delta>();

  constructor(database: Database, names: Names) {
    this.#names = names;
    const columns = 'session, quarter, model, subagent, workspace, agent, band, speed, region';
    this.#find = database
      .prepare<[readonly number[]], number>(`SELECT id FROM spots WHERE (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .pluck();
    this.#insert = database.prepare<[readonly number[]]>(`INSERT INTO spots (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#select = database.prepare<[number], SpotRow>(
      'SELECT agent, session, subagent, workspace, model, speed, region FROM spots WHERE id = ?',
    );
    this.#update = database.prepare<[readonly number[]]>(`
      UPDATE spots SET responses = responses + ?, open = open + ?, input = input + ?, output = output + ?, read = read + ?,
        write5 = write5 + ?, write1 = write1 + ?, web = web + ?, last = max(last, ?) WHERE id = ?`);
  }

  id(response: Response): number {
    const { terms, at } = response;
    const quarter = Math.floor(at / quarterMs);
    if (!isSamePlace(response, this.#place)) {
      this.#place = response;
      this.#ids = new Map();
    }
    const text = `${terms.model} ${quarter} ${terms.band}${terms.speed}${terms.region}`;
    const known = this.#ids.get(text) ?? this.#stored(response, quarter);
    this.#ids.set(text, known);
    return known;
  }

  add(spot: number, { tokens, webSearches, isFinal, at }: Response, sign: 1 | -1): void {
    const delta = this.#deltas.get(spot) ?? [0, 0, 0, 0, 0, 0, 0, 0, 0];
    this.#deltas.set(spot, delta);
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
    const amounts = [1, isFinal ? 0 : 1, input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearches];
    for (let n = 0; n < amounts.length; n += 1) delta[n] = (delta[n] ?? 0) + sign * (amounts[n] ?? 0);
    delta[8] = Math.max(delta[8] ?? 0, at);
  }

  /** A response as its row in the table of responses has it. */
  response(row: readonly number[]): Response {
    const [, spot = 0, at = 0, begun = 0, claim = 0, request = 0, prompt = 0] = row;
    const [input = 0, output = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, webSearches = 0, final = 0] = row.slice(7);
    const found = this.#select.get(spot);
    const text = (id: number | undefined): string => (id === undefined ? '' : this.#names.text(id));
    return {
      agent: text(found?.agent),
      session: text(found?.session),
      subagent: text(found?.subagent),
      workspace: text(found?.workspace),
      at,
      begun,
      claim,
      request,
      terms: {
        model: text(found?.model),
        band: bandOf(prompt),
        speed: found?.speed === 1 ? 'fast' : 'standard',
        region: text(found?.region),
      },
      prompt,
      tokens: { input, output, cacheRead, cacheWrite5m, cacheWrite1h },
      webSearches,
      isFinal: final === 1,
    };
  }

  flush(): void {
    for (const [spot, delta] of this.#deltas) this.#update.run([...delta, spot]);
    // Not cleared, for the same reason as in `Responses`.
    this.#deltas = new Map();
  }

  forget(): void {
    this.#deltas.clear();
    this.#ids.clear();
  }

  #stored({ agent, session, subagent, workspace, terms }: Response, quarter: number): number {
    const id = (text: string): number => this.#names.id(text);
    const values = [
      id(session),
      quarter,
      id(terms.model),
      id(subagent),
      id(workspace),
      id(agent),
      terms.band,
      terms.speed === 'fast' ? 1 : 0,
      id(terms.region),
    ];
    const known = this.#find.get(values);
    return known ?? Number(this.#insert.run(values).lastInsertRowid);
  }
}

function isSamePlace(a: Response, b: Response | undefined): boolean {
  return b !== undefined && a.session === b.session && a.subagent === b.subagent && a.workspace === b.workspace && a.agent === b.agent;
}
