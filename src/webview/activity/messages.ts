import * as z from 'zod/mini';
import { auditRecord, linkState } from '../records.ts';

/** Extension → activity. Records come newest first. */
export type ToActivity = z.infer<typeof toActivity>;
export const toActivity = z.discriminatedUnion('type', [
  z.object({ type: z.literal('link'), link: linkState }),
  /** Forget everything; these are the newest. */
  z.object({ type: z.literal('reset'), records: z.array(auditRecord) }),
  z.object({ type: z.literal('newer'), records: z.array(auditRecord) }),
  /** The answer to `older`; an empty list means that the log begins here. */
  z.object({ type: z.literal('older'), records: z.array(auditRecord) }),
]);

/** Activity → extension. */
export type FromActivity = z.infer<typeof fromActivity>;
export const fromActivity = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** Records older than this sequence number. */
  z.object({ type: z.literal('older'), before: z.number() }),
]);
