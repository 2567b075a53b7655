import * as z from 'zod/mini';
import { linkState, openApproval, problem } from '../records.ts';

/** Extension → inbox. `state` is always the whole truth; the inbox keeps nothing of its own but what is being typed. */
export type ToInbox = z.infer<typeof toInbox>;
export const toInbox = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    link: linkState,
    approvals: z.array(openApproval),
    problems: z.array(problem),
    hooksMissing: z.boolean(),
    /** That, and where, calls of this window are only observed; left out: they are not. */
    observing: z.exactOptional(z.string()),
    /** The extension host's clock: in a remote window the browser's may differ. Milliseconds since the epoch. */
    now: z.number(),
  }),
  /** Move the keyboard to an approval, or to the first one. */
  z.object({ type: z.literal('focus'), id: z.exactOptional(z.string()) }),
  /** A command of the editor that is meant for the selected card. */
  z.object({ type: z.literal('press'), button: z.enum(['approve', 'deny']) }),
  z.object({ type: z.literal('answer-failed'), id: z.string(), message: z.string() }),
]);

/** Inbox → extension: what the person wants. */
export type FromInbox = z.infer<typeof fromInbox>;
export const fromInbox = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('answer'),
    id: z.string(),
    outcome: z.enum(['approved', 'denied']),
    scope: z.enum(['once', 'session']),
    reason: z.string(),
  }),
  z.object({ type: z.enum(['show-change', 'from-now-on']), id: z.string() }),
  z.object({ type: z.enum(['open-problem', 'close-problem', 'fix-problem']), id: z.string() }),
  z.object({ type: z.enum(['install-hooks', 'open-log', 'retry', 'enforce']) }),
]);
