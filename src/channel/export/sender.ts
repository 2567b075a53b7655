import type { LogOrigin, StoredEntry } from '../../engine/audit/export/origin.ts';

/** Carries entries to one place outside. */
export interface Sender {
  /** What of an entry travels. */
  readonly encode: (origin: LogOrigin, entry: StoredEntry) => string;
  /** Resolves when the other side has confirmed all of it; rejects otherwise, and then nothing is known of what arrived. */
  readonly send: (origin: LogOrigin, encoded: readonly string[], signal: AbortSignal) => Promise<void>;
  /**
   * How long after its confirmation an entry may still be lost when the other side dies. 0: a confirmation means that it is stored.
   * What was confirmed less than that before an interruption is sent again.
   */
  readonly settlesMs: number;
  /** Calls `interrupted` when the other side died although nothing was being sent, while something may still be lost. */
  readonly onInterrupted?: (interrupted: () => void) => void;
  readonly close?: () => void;
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
