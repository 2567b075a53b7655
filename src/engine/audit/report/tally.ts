/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The most frequent first; the same often by name. */
  rows(): readonly (readonly [name: string, count: number])[] {
    return [...this.#counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1));
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}
