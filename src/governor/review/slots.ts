/** Lets only so many go on at once; the others wait in the order in which they came. */
export class Slots {
  #used = 0;
  readonly #waiting = new Set<() => void>();

  /** Runs `work` when there is room. Where `signal` is aborted before, rejects with its reason and runs nothing. */
  async run<T>(atOnce: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (this.#used >= atOnce) await this.#room(signal);
    this.#used += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#used -= 1;
      const [next] = this.#waiting;
      next?.();
    }
  }

  #room(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        this.#waiting.delete(go);
        reject(signal.reason);
      };
      const go = (): void => {
        this.#waiting.delete(go);
        signal.removeEventListener('abort', over);
        resolve();
      };
      if (signal.aborted) return over();
      this.#waiting.add(go);
      signal.addEventListener('abort', over, { once: true });
    });
  }
}
