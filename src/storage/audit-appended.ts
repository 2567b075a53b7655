import type { AuditRecord } from '../engine/audit/entry.ts';
import { columns, recordOfRow } from './audit-rows.ts';
import type { Database } from './database.ts';

type Listener = (records: readonly AuditRecord[]) => void;

const soonMs = 5;

/** Tells listeners of new entries, by whichever process. Costs nothing while nobody listens. */
export class Appended {
  readonly #database: Database;
  readonly #pollMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #after: (seq: number) => readonly unknown[];
  #soon: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #told = 0;
  #version = 0;

  constructor(database: Database, pollMs: number) {
    this.#database = database;
    this.#pollMs = pollMs;
    // Prepared once: it is asked after every call.
    const after = database.prepare(`SELECT ${columns} FROM entries WHERE seq > ? ORDER BY seq`).raw();
    this.#after = (seq) => after.all(seq);
  }

  listen(listener: Listener): () => void {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Not in this turn: whoever waits for the entry that was just written is answered first. */
  lookSoon(): void {
    if (this.#listeners.size > 0) this.#soon ??= setTimeout(() => this.#look(), soonMs);
  }

  /** Reads what is new and tells it. */
  #look(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const records = this.#listeners.size === 0 ? [] : this.#newer();
    if (records.length === 0) return;
    this.#told = records.at(-1)?.seq ?? this.#told;
    for (const listener of this.#listeners) listener(records);
  }

  close(): void {
    clearTimeout(this.#soon);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    this.#told = Number(this.#database.prepare('SELECT max(seq) FROM entries').pluck().get() ?? 0);
    this.#version = this.#dataVersion();
    this.#timer = setInterval(() => this.#poll(), this.#pollMs).unref();
  }

  /** The data version changes exactly when another connection has committed. */
  #poll(): void {
    const version = this.#dataVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.#look();
  }

  #dataVersion(): number {
    return Number(this.#database.pragma('data_version', { simple: true }));
  }

  /** Nothing when it cannot be read now: what is shown late is told with the next entry; it must not stop the writing. */
  #newer(): readonly AuditRecord[] {
    try {
      return this.#after(this.#told).map(recordOfRow);
    } catch {
      return [];
    }
  }
}
