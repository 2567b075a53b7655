import type { LogOrigin, StoredEntry } from '../../engine/audit/export/origin.ts';
import { type Sender, TryLater } from './sender.ts';

/** Where the entries of one target come from, and where it is kept how far it has got. */
export interface Source {
  readonly origin: () => LogOrigin;
  readonly after: (seq: number, limit: number) => readonly StoredEntry[];
  readonly waiting: (seq: number) => number;
  readonly progress: () => Progress;
  readonly confirm: (last: { readonly seq: number; readonly hash: string }, settled: number) => void;
}

export interface Progress {
  /** The number of the last entry that was confirmed; 0: none. */
  readonly confirmed: number;
  /** The number of the last entry that cannot be lost any more. */
  readonly settled: number;
}

/** Time and chance, as far as the pump needs them. */
export interface Pace {
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Calls `run` once after `ms`; the returned function cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface Trouble {
  readonly message: string;
  readonly waiting: number;
}

/** Entries that come in a burst travel together, and no answer to an agent waits behind the sending of its own entry. */
const gatherMs = 1_000;
const mostEntries = 500;
const mostLength = 1_000_000;
/** Encoded in one turn of the event loop: calls that come in between are answered in between. */
const slice = 10;
const firstWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;
/** One failure is a receiver that restarts; from here on a person is told. */
const tellFrom = 2;

/** Brings the log to one target: in order, each entry at least once, as long as it takes. */
export class Pump {
  readonly #source: Source;
  readonly #sender: Sender;
  readonly #pace: Pace;
  readonly #changed: (trouble: Trouble | undefined) => void;
  readonly #stop = new AbortController();
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #failures = 0;
  #limit = mostEntries;
  /** The number of the last entry that was sent, after an interruption again; left out: as far as everything is settled. */
  #position: number | undefined;
  /** Batches that were confirmed, but may still be lost: the oldest first. */
  #unsettled: { readonly seq: number; readonly at: number }[] = [];
  #interrupted = false;

  constructor(source: Source, sender: Sender, pace: Pace, changed: (trouble: Trouble | undefined) => void) {
    this.#source = source;
    this.#sender = sender;
    this.#pace = pace;
    this.#changed = changed;
    sender.onInterrupted?.(() => this.#interrupt());
  }

  /** There may be something to send. While it waits after a failure, that does not hurry it. */
  wake(): void {
    if (this.#running === undefined) this.#schedule(gatherMs);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Resolves when nothing is under way any more. What was not confirmed is sent after the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer?.();
    await this.#running;
    this.#sender.close?.();
  }

  #schedule(ms: number): void {
    if (this.#cancelTimer !== undefined || this.#stop.signal.aborted) return;
    this.#cancelTimer = this.#pace.after(ms, () => {
      this.#cancelTimer = undefined;
      this.#running = this.#run().finally(() => (this.#running = undefined));
    });
  }

  /** Sends until everything has arrived, or something fails. Never rejects. */
  async #run(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted && (await this.#sendNext()));
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failed(error);
    }
  }

  /** `false`: there is nothing more to send. */
  async #sendNext(): Promise<boolean> {
    const origin = this.#source.origin();
    const { confirmed, settled } = this.#source.progress();
    const { encoded, last } = await this.#gather(origin, this.#position ?? settled);
    if (last === undefined) return false;
    this.#interrupted = false;
    await this.#sender.send(origin, encoded, this.#stop.signal);
    if (this.#interrupted) throw new Error('it broke off');
    this.#position = last.record.seq;
    this.#unsettled.push({ seq: last.record.seq, at: this.#pace.now() });
    // What was only sent again proves nothing about the entry at which it failed.
    if (last.record.seq > confirmed) this.#advance(last, settled);
    return true;
  }

  async #gather(
    origin: LogOrigin,
    start: number,
  ): Promise<{ readonly encoded: readonly string[]; readonly last: StoredEntry | undefined }> {
    const encoded: string[] = [];
    let last: StoredEntry | undefined;
    let length = 0;
    while (encoded.length < this.#limit && length < mostLength) {
      const entries = this.#source.after(last?.record.seq ?? start, Math.min(slice, this.#limit - encoded.length));
      for (const entry of entries) length += encoded[encoded.push(this.#sender.encode(origin, entry)) - 1]?.length ?? 0;
      last = entries.at(-1) ?? last;
      if (entries.length < slice) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { encoded, last };
  }

  #advance(last: StoredEntry, settled: number): void {
    this.#source.confirm(last.record, Math.max(settled, this.#settle()));
    if (this.#failures >= tellFrom) this.#changed(undefined);
    this.#failures = 0;
    this.#limit = Math.min(mostEntries, this.#limit * 2);
  }

  /** The number of the last entry that was confirmed long enough ago; 0: none. */
  #settle(): number {
    const before = this.#pace.now() - this.#sender.settlesMs;
    const settled = this.#unsettled.findLast(({ at }) => at <= before)?.seq ?? 0;
    this.#unsettled = this.#unsettled.filter(({ seq }) => seq > settled);
    return settled;
  }

  /** Smaller next time: it may have been too much at once. An entry that is refused alone is kept trying: nothing is left out. */
  #failed(error: unknown): void {
    this.#goBack();
    this.#failures += 1;
    this.#limit = Math.max(1, Math.trunc(this.#limit / 2));
    if (this.#failures >= tellFrom) this.#tell(error);
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.#failures - 1, 20));
    const asked = error instanceof TryLater ? Math.min(error.afterMs, longestWaitMs) : 0;
    // Many machines lose one receiver at once; they must not all come back at once.
    this.#schedule(Math.max(asked, longest * (0.5 + this.#pace.random() / 2)));
  }

  #interrupt(): void {
    this.#interrupted = true;
    if (this.#running !== undefined) return;
    this.#goBack();
    this.wake();
  }

  /** What is not settled may be lost: it is sent again, to where that is known to have begun. */
  #goBack(): void {
    this.#position = undefined;
    this.#unsettled = [];
  }

  #tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#changed({ message, waiting: this.#waiting() });
  }

  #waiting(): number {
    try {
      return this.#source.waiting(this.#source.progress().confirmed);
    } catch {
      return 0;
    }
  }
}
