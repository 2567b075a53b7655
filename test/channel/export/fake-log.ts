import { genesis, linkOf } from '../../../src/engine/audit/chain.ts';
import type { StoredEntry } from '../../../src/engine/audit/export/origin.ts';
import { type Pace, Pump, type Source, type Trouble } from '../../../src/channel/export/pump.ts';
import type { Sender } from '../../../src/channel/export/sender.ts';
import { origin } from '../../engine/audit/export/stored.ts';
import { entryOf } from '../../storage/samples.ts';

/** A log in memory with its outbox. */
export class FakeLog implements Source {
  readonly entries: StoredEntry[] = [];
  last = 0;
  settled = 0;

  constructor(count: number) {
    this.grow(count);
  }

  grow(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const previous = this.entries.at(-1)?.record.hash ?? genesis;
      this.entries.push(linkOf(previous, this.entries.length + 1, entryOf()));
    }
  }

  readonly origin = () => origin;
  readonly after = (seq: number, limit: number) => this.entries.slice(seq, seq + limit);
  readonly waiting = (seq: number) => this.entries.length - seq;
  readonly progress = () => ({ confirmed: this.last, settled: this.settled });
  readonly confirm = ({ seq }: { readonly seq: number }, settled: number): void => {
    this.last = seq;
    this.settled = settled;
  };
}

/** A clock that runs when it is told to. */
export class FakePace implements Pace {
  readonly waits: number[] = [];
  #due: (() => void) | undefined;

  time = 0;
  readonly now = () => this.time;
  readonly random = () => 0.5;
  readonly after = (ms: number, run: () => void) => {
    this.waits.push(ms);
    this.#due = run;
    return () => (this.#due = undefined);
  };
  get armed(): boolean {
    return this.#due !== undefined;
  }
  fire(): void {
    const due = this.#due;
    this.#due = undefined;
    due?.();
  }
}

/** A receiver that takes what it is told to take. */
export class FakeReceiver implements Sender {
  readonly batches: (readonly number[])[] = [];
  settlesMs = 0;
  interrupt: () => void = () => undefined;
  readonly onInterrupted = (interrupted: () => void) => void (this.interrupt = interrupted);
  /** Which batches fail: the error of each, by what it holds. */
  fails: (batch: readonly number[]) => Error | undefined = () => undefined;

  readonly encode = (_: unknown, entry: StoredEntry) => String(entry.record.seq);
  readonly send = async (_: unknown, encoded: readonly string[]) => {
    const batch = encoded.map(Number);
    const error = this.fails(batch);
    if (error !== undefined) throw error;
    this.batches.push(batch);
  };
}

export interface Pumping {
  readonly log: FakeLog;
  readonly pace: FakePace;
  readonly receiver: FakeReceiver;
  readonly troubles: (Trouble | undefined)[];
  readonly pump: Pump;
  /** Fires the timer, until the pump has nothing to do or waits after a failure. */
  readonly run: () => Promise<void>;
}

export function pumping(count: number): Pumping {
  const [log, pace, receiver] = [new FakeLog(count), new FakePace(), new FakeReceiver()];
  const troubles: (Trouble | undefined)[] = [];
  const pump = new Pump(log, receiver, pace, (trouble) => troubles.push(trouble));
  const run = async (): Promise<void> => {
    pace.fire();
    await pump.idle();
  };
  return { log, pace, receiver, troubles, pump, run };
}
