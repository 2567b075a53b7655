import * as z from 'zod/mini';
import { type Fault, fault } from './audit-verify-row.ts';

interface Emptied {
  count: number;
  last: number;
}

const pruneEntry = z.looseObject({ detail: z.looseObject({ upTo: z.number() }) });

/** Whether every entry without contents is covered by a later one that says under which rule they were removed. */
export class PruneCheck {
  readonly #byEntry = new Map<number, Emptied>();
  readonly #explained = new Map<number, number>();

  emptied(seq: number, by: number): Fault | undefined {
    if (by <= seq)
      return fault(seq, `record ${seq} has no contents, and names an earlier record as the reason`, `one after ${seq}`, String(by));
    const found = this.#byEntry.get(by) ?? { count: 0, last: 0 };
    this.#byEntry.set(by, { count: found.count + 1, last: seq });
    return undefined;
  }

  explained(seq: number, entry: unknown): Fault | undefined {
    const { success, data } = z.safeParse(pruneEntry, entry);
    if (!success) return fault(seq, `record ${seq} tells of removed contents in a way that this version does not understand`);
    this.#explained.set(seq, data.detail.upTo);
    return undefined;
  }

  unexplained(): Fault | undefined {
    const wrong = [...this.#byEntry].find(([by, { last }]) => last > (this.#explained.get(by) ?? 0));
    if (wrong === undefined) return undefined;
    const [by, { last }] = wrong;
    return fault(last, `record ${last} has no contents, and record ${by} does not say that they were to be removed`);
  }

  counts(): Readonly<Record<number, number>> {
    return Object.fromEntries([...this.#byEntry].map(([by, { count }]) => [by, count]));
  }
}
