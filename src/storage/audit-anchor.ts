/** A place besides the log that keeps checkpoints. */
export interface Anchor {
  readonly name: string;
  /** Rejects where the note did not arrive. */
  readonly publish: (note: string) => Promise<void>;
  /** It gets no more than one in that time: the newest. Left out: all of them. */
  readonly everyMs?: number;
}
