import type { EntryDetails } from '../../engine/audit/search.ts';
import type { View } from './view.ts';

/** The entry whose details are open, and what came of asking for them. An answer about another one is late, and dropped. */
export class OpenEntry {
  readonly #ask: (seq: number) => void;
  #seq: number | undefined;
  #details: EntryDetails | undefined;
  #error: string | undefined;

  constructor(ask: (seq: number) => void) {
    this.#ask = ask;
  }

  /** What is shown of the one before is gone. */
  open(seq: number | undefined): void {
    if (seq !== this.#seq) this.#details = undefined;
    this.#seq = seq;
    this.#error = undefined;
    if (seq !== undefined) this.#ask(seq);
  }

  heard(details: EntryDetails): void {
    if (details.record.seq === this.#seq) this.#details = details;
  }

  failed(message: string): void {
    this.#error = message;
  }

  get view(): View['open'] {
    if (this.#seq === undefined) return undefined;
    return {
      seq: this.#seq,
      ...(this.#details === undefined ? {} : { details: this.#details }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }
}
