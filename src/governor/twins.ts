import type { Clock } from './ports.ts';

/** How long the HTTP twin of a message may take. */
export const twinMs = 5_000;
/** How long a message is remembered that came before its twin. */
const rememberedMs = 60_000;

/**
 * Messages that an agent sends on two ways at once. The one that certainly arrives waits here for the other: when that
 * does not come, its way does not lead to us, and whatever else goes there would go unjudged.
 */
export class Twins {
  readonly #clock: Clock;
  readonly #came = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The one whose coming is the proof. */
  came(key: string): void {
    this.#waiting.get(key)?.();
    this.#came.add(key);
    this.#clock.after(rememberedMs, () => this.#came.delete(key));
  }

  /** Whether it came already, or comes within `ms`. */
  expect(key: string, ms: number): Promise<boolean> {
    if (this.#came.has(key)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (came: boolean): void => {
        cancel();
        this.#waiting.delete(key);
        resolve(came);
      };
      const cancel = this.#clock.after(ms, () => done(false));
      this.#waiting.set(key, () => done(true));
    });
  }
}
