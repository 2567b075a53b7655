import type { Anchor } from './audit-anchors.ts';

interface Listener {
  readonly failed: (anchor: string, error: unknown) => Promise<void>;
  readonly done: (anchor: string) => void;
}

/** More than a night without the place that keeps them; older ones are then covered by newer ones. */
const most = 1000;

/** What each anchor has not got yet, in order. */
export class AnchorQueue {
  readonly #waiting: readonly { readonly anchor: Anchor; readonly notes: string[] }[];
  #last = '';

  constructor(anchors: readonly Anchor[]) {
    this.#waiting = anchors.map((anchor) => ({ anchor, notes: [] }));
  }

  get isWaiting(): boolean {
    return this.#waiting.some(({ notes }) => notes.length > 0);
  }

  add(note: string): void {
    if (note === this.#last) return;
    this.#last = note;
    for (const { notes } of this.#waiting) {
      notes.push(note);
      if (notes.length > most) notes.shift();
    }
  }

  async flush(listener: Listener): Promise<void> {
    await Promise.all(this.#waiting.map(async ({ anchor, notes }) => publish(anchor, notes, listener)));
  }
}

async function publish(anchor: Anchor, notes: string[], { failed, done }: Listener): Promise<void> {
  for (let [note] = notes; note !== undefined; [note] = notes) {
    try {
      await anchor.publish(note);
    } catch (error) {
      return failed(anchor.name, error);
    }
    notes.shift();
    done(anchor.name);
  }
}
