/** A decision that is being made, and how many messages wait for it. */
interface Flight<T> {
  readonly digest: string;
  readonly result: Promise<T>;
  readonly gone: AbortController;
  waiting: number;
}

/**
 * Messages about the same call that arrive while it is being decided share that one decision.
 * The work is told to stop when the last of those who wait for it has gone.
 */
export class InFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** `undefined` when another call is in flight under the same key. */
  join(key: string, digest: string, signal: AbortSignal | undefined, start: (gone: AbortSignal) => Promise<T>): Promise<T> | undefined {
    const flight = this.#flights.get(key) ?? this.#start(key, digest, start);
    if (flight.digest !== digest) return undefined;
    flight.waiting += 1;
    const leave = (): void => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.gone.abort();
    };
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    return flight.result.finally(() => signal?.removeEventListener('abort', leave));
  }

  #start(key: string, digest: string, start: (gone: AbortSignal) => Promise<T>): Flight<T> {
    const gone = new AbortController();
    // The work begins in a later turn, when this flight is already known and counted.
    const result = Promise.resolve()
      .then(() => start(gone.signal))
      .finally(() => this.#flights.delete(key));
    const flight: Flight<T> = { digest, gone, waiting: 0, result };
    this.#flights.set(key, flight);
    return flight;
  }
}
