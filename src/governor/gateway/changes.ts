import type { Ports } from '../ports.ts';

/** Tells gateways that what they show may have to be another list. */
export class Changes {
  #revision: number;
  readonly #waiting = new Set<() => void>();

  constructor({ clock, policies, pins }: Pick<Ports, 'clock' | 'policies' | 'pins'>) {
    // Whoever knew the governor before this one hears that it is another.
    this.#revision = clock.now();
    policies.onChange?.(() => this.#changed());
    pins?.onChange(() => this.#changed());
  }

  get revision(): number {
    return this.#revision;
  }

  after(since: number, signal: AbortSignal): Promise<number> {
    if (since !== this.#revision || signal.aborted) return Promise.resolve(this.#revision);
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(end);
        signal.removeEventListener('abort', end);
        resolve(this.#revision);
      };
      this.#waiting.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  #changed(): void {
    this.#revision += 1;
    for (const tell of this.#waiting) tell();
  }
}
