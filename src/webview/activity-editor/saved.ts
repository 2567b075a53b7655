import * as z from 'zod/mini';
import { everything, type Filter, filterSchema } from './filter.ts';

/** What outlives the page: it is thrown away whenever its tab is hidden. */
export interface Saved {
  readonly filter: Filter;
  /** The sequence number of the entry whose details are open. */
  readonly open?: number;
  /** Pixels of the details: their width beside the list, their height below it. */
  readonly width: number;
  readonly height: number;
}

export const fresh: Saved = { filter: everything, width: 460, height: 320 };

const schema: z.ZodMiniType<Saved> = z.object({
  filter: filterSchema,
  open: z.exactOptional(z.number()),
  width: z.number().check(z.gte(0), z.lte(10_000)),
  height: z.number().check(z.gte(0), z.lte(10_000)),
});

/** What an older version kept, or what is broken, counts as nothing. */
export function readSaved(kept: unknown): Saved {
  const parsed = schema.safeParse(kept);
  return parsed.success ? parsed.data : fresh;
}
