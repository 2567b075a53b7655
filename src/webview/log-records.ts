import * as z from 'zod/mini';
import { entryKinds } from '../engine/audit/entry.ts';
import type { EntryDetails, EntryRow, EntrySearch, Facet, Facets, RuleText } from '../engine/audit/search.ts';
import { auditRecord } from './records.ts';

// What the governor says about its log, as a panel receives it. The type annotations keep these schemas equal to the contracts.

const text = z.exactOptional(z.string());
const texts = z.exactOptional(z.array(z.string()));
const number = z.exactOptional(z.number());
const kind = z.enum(entryKinds);
const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);

export const entrySearch: z.ZodMiniType<EntrySearch> = z.object({
  agents: texts,
  sessions: texts,
  kinds: z.exactOptional(z.array(kind)),
  tools: texts,
  actions: z.exactOptional(z.array(action)),
  rules: texts,
  people: texts,
  path: text,
  text,
  since: number,
  until: number,
});

export const entryRow: z.ZodMiniType<EntryRow> = z.object({
  seq: z.number(),
  time: z.number(),
  kind,
  agent: text,
  session: text,
  subagent: text,
  tool: text,
  nativeTool: text,
  mcpServer: text,
  action: z.exactOptional(action),
  mode: z.exactOptional(z.enum(['enforce', 'observe'])),
  rule: text,
  person: text,
  outcome: text,
  summary: z.string(),
});

const facet: z.ZodMiniType<readonly Facet[]> = z.array(z.object({ value: z.string(), count: z.number() }));
export const facets: z.ZodMiniType<Facets> = z.object({
  agents: facet,
  sessions: facet,
  kinds: facet,
  tools: facet,
  actions: facet,
  rules: facet,
  people: facet,
});

const ruleText: z.ZodMiniType<RuleText> = z.object({
  policy: z.string(),
  rule: z.string(),
  digest: z.string(),
  file: z.string(),
  line: z.number(),
  text: z.string(),
  isCurrent: z.boolean(),
});

export const entryDetails: z.ZodMiniType<EntryDetails> = z.object({
  record: auditRecord,
  pruned: z.exactOptional(z.object({ by: z.number() })),
  rules: z.array(ruleText),
  related: z.array(auditRecord),
  proof: z.object({
    state: z.enum(['signed', 'pending', 'broken']),
    message: z.string(),
    checkpoint: z.exactOptional(z.object({ size: z.number(), time: z.number() })),
  }),
});
