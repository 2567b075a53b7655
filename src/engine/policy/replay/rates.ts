import type { RateUsage } from '../../request.ts';

/** How often limited rules would have matched, counted anew in the order of time. */
export class PastRates {
  readonly #times = new Map<string, number[]>();

  record(key: string, at: number): void {
    const times = this.#times.get(key);
    if (times === undefined) this.#times.set(key, [at]);
    else times.push(at);
  }

  /** As the governor counts at that moment; `asked` hears that somebody wanted to know. */
  usageAt(now: number, asked: () => void): RateUsage {
    return {
      count: (key, windowMs) => {
        asked();
        return countSince(this.#times.get(key) ?? [], now - windowMs);
      },
    };
  }
}

function countSince(times: readonly number[], since: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) >= since) high = middle;
    else low = middle + 1;
  }
  return times.length - low;
}
