import type { Anchor } from './audit-anchor.ts';

interface Listener {
  readonly failed: (anchor: string, error: unknown) => Promise<void>;
  readonly done: (anchor: string) => void;
}

interface Queue {
  readonly anchor: Anchor;
  readonly notes: string[];
  /** When it got the last one. */
  at: number;
}

/** More than a night without the place that keeps them; older ones are then covered by newer ones. */
const most = 1000;

/** What each anchor has not got yet, in order. */
export class AnchorQueue {
  readonly #waiting: readonly Queue[];
  #last = '';

  constructor(anchors: readonly Anchor[]) {
    this.#waiting = anchors.map((anchor) => ({ anchor, notes: [], at: -Infinity }));
  }

  get isWaiting(): boolean {
    return this.#waiting.some(({ notes }) => notes.length > 0);
  }

  add(note: string): void {
    if (note === this.#last) return;
    this.#last = note;
    for (const { anchor, notes } of this.#waiting) {
      notes.push(note);
      if (notes.length > (anchor.everyMs ? 1 : most)) notes.shift();
    }
  }

  /** `now`: Infinity where there is no later. */
  async flush(listener: Listener, now: number): Promise<void> {
    const due = this.#waiting.filter(({ anchor, at }) => now - at >= (anchor.everyMs ?? 0));
    await Promise.all(due.map(async (queue) => publish(queue, listener, now)));
  }
}

async function publish(queue: Queue, { failed, done }: Listener, now: number): Promise<void> {
  const { anchor, notes } = queue;
  for (let [note] = notes; note !== undefined; [note] = notes) {
    try {
      await anchor.publish(note);
    } catch (error) {
      return failed(anchor.name, error);
    }
    if (notes[0] === note) notes.shift();
    queue.at = now;
    done(anchor.name);
  }
}
