import type { LogOrigin, StoredEntry } from '../../engine/audit/export/origin.ts';

/** Carries entries to one place outside. */
export interface Sender {
  /** What of an entry travels. */
  readonly encode: (origin: LogOrigin, entry: StoredEntry) => string;
  /** Resolves when the other side has confirmed all of it; rejects otherwise, and then nothing is known of what arrived. */
  readonly send: (origin: LogOrigin, encoded: readonly string[], signal: AbortSignal) => Promise<void>;
  /** How many confirmed entries are sent again after an interruption: a confirmation may have come before they were safe. */
  readonly overlap: number;
}

/** The other side did not take it, and says when to try again. */
export class TryLater extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** An attempt that takes longer has failed. */
export const patienceMs = 30_000;
