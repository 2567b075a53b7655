import type { Database } from '../database.ts';

/** Texts that occur again and again, as numbers. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #insert;
  readonly #select;
  readonly #byId;

  constructor(database: Database) {
    this.#insert = database.prepare<[string]>('INSERT OR IGNORE INTO names (text) VALUES (?)');
    this.#select = database.prepare<[string], number>('SELECT id FROM names WHERE text = ?').pluck();
    this.#byId = database.prepare<[number], string>('SELECT text FROM names WHERE id = ?').pluck();
  }

  id(text: string): number {
    return this.#ids.get(text) ?? this.#learn(text);
  }

  /** Nothing is stored for a text that was never seen. */
  known(text: string): number | undefined {
    return this.#ids.get(text) ?? this.#select.get(text);
  }

  text(id: number): string {
    const known = this.#texts.get(id) ?? this.#byId.get(id) ?? '';
    this.#texts.set(id, known);
    return known;
  }

  /** What was written since may not be there after all. */
  forget(): void {
    this.#ids.clear();
    this.#texts.clear();
  }

  #learn(text: string): number {
    this.#insert.run(text);
    const id = this.#select.get(text) ?? 0;
    // A piece of a longer text would keep all of it in memory.
    this.#ids.set(Buffer.from(text).toString(), id);
    return id;
  }
}
