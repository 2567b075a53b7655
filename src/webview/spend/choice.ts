import * as z from 'zod/mini';
import type { SpendQuery } from '../../engine/spend/report.ts';
import { spendKey } from './messages.ts';
import { periods, spanOf } from './period.ts';

/** What the reader chose to see; outlives the page, which is thrown away whenever its tab is hidden. */
export type Choice = Readonly<z.infer<typeof choice>>;
const choice = z.object({
  period: z.enum(periods),
  by: spendKey,
  shape: z.enum(['steps', 'running']),
  sort: z.object({ column: z.enum(['label', 'usd', 'tokens', 'responses', 'last']), descending: z.boolean() }),
  /** Only what this session spent, its subagents included. */
  session: z.exactOptional(z.object({ id: z.string(), label: z.string() })),
});

export const firstChoice: Choice = { period: 'today', by: 'model', shape: 'steps', sort: { column: 'usd', descending: true } };

/** What an older version kept, or what is broken, counts as nothing. */
export function readChoice(kept: unknown): Choice {
  const parsed = choice.safeParse(kept);
  return parsed.success ? parsed.data : firstChoice;
}

export function queryOf({ period, by, session }: Choice, now: number, timeZone: string): SpendQuery {
  return { ...spanOf(period, now), by, timeZone, ...(session && { session: session.id }) };
}
