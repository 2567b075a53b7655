import * as z from 'zod/mini';
import { entryDetails, entryRows, entrySearch, facets } from '../log-records.ts';
import { linkState } from '../records.ts';

const searchState = z.object({
  id: z.string(),
  older: z.number(),
  newer: z.number(),
  isComplete: z.boolean(),
  progress: z.number(),
  problem: z.exactOptional(z.string()),
});

/** Extension → activity editor. `search` counts the searches of one page: what belongs to an earlier one is dropped. */
export type ToActivityEditor = z.infer<typeof toActivityEditor>;
export const toActivityEditor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('link'), link: linkState }),
  /** The line is new: searches that were open before are gone. */
  z.object({ type: z.literal('reset') }),
  /** Show these entries, and the details of one. */
  z.object({ type: z.literal('look'), search: entrySearch, entry: z.exactOptional(z.number()) }),
  z.object({ type: z.literal('found'), search: z.number(), state: searchState }),
  z.object({ type: z.literal('rows'), search: z.number(), from: z.number(), rows: entryRows }),
  z.object({ type: z.literal('facets'), facets }),
  z.object({ type: z.literal('entry'), details: entryDetails }),
  /** What was asked for came to nothing: a search, rows, facets or an entry. */
  z.object({ type: z.literal('failed'), what: z.enum(['search', 'rows', 'facets', 'entry']), search: z.number(), message: z.string() }),
]);

export const entryActions = [
  'open-file',
  'open-policy',
  'allow',
  'deny',
  'ask',
  'copy',
  'session-page',
  'mark-seen',
  'try',
  'false-positive',
] as const;
export type EntryAction = (typeof entryActions)[number];

/** Activity editor → extension. */
export type FromActivityEditor = z.infer<typeof fromActivityEditor>;
export const fromActivityEditor = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ready', 'export', 'retry', 'open-log']) }),
  z.object({ type: z.literal('facets') }),
  z.object({ type: z.literal('search'), search: z.number(), wanted: entrySearch }),
  z.object({ type: z.literal('rows'), search: z.number(), from: z.number(), limit: z.number() }),
  z.object({ type: z.literal('entry'), seq: z.number() }),
  /** Something to do with one entry. `part` counts the details' rules, or what guardrails found, where it is about one of them. */
  z.object({ type: z.literal('do'), action: z.enum(entryActions), seq: z.number(), part: z.exactOptional(z.number()) }),
]);
