/** How long what has just changed does not answer. */
export const settleMs = 500;

/**
 * Knows which cards have just appeared or moved: a click meant for what was there before must not answer them.
 * Times are milliseconds of any one clock.
 */
export class SettleGuard {
  readonly #cards = new Map<string, { readonly top: number; readonly since: number }>();

  /** Where the cards stand now, measured from the top of the document (scrolling is not moving). */
  place(tops: ReadonlyMap<string, number>, now: number): void {
    for (const [id, top] of tops) {
      const before = this.#cards.get(id);
      if (!before || Math.abs(before.top - top) > 2) this.#cards.set(id, { top, since: now });
    }
    for (const id of this.#cards.keys()) if (!tops.has(id)) this.#cards.delete(id);
  }

  isSettled(id: string, now: number): boolean {
    const card = this.#cards.get(id);
    return card !== undefined && now - card.since >= settleMs;
  }

  /** How long until every card is settled; 0 when they are. */
  remaining(now: number): number {
    return Math.max(0, ...[...this.#cards.values()].map(({ since }) => since + settleMs - now));
  }
}
