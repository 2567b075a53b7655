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

/** Rows come by the hundred, ten times a second: they are looked at by hand, which is ten times as fast as by a schema. */
export const entryRows: z.ZodMiniType<readonly EntryRow[]> = z.custom<readonly EntryRow[]>(
  (value) => Array.isArray(value) && value.every(isEntryRow),
);

const rowTexts = [
  'agent',
  'session',
  'subagent',
  'tool',
  'nativeTool',
  'mcpServer',
  'action',
  'mode',
  'rule',
  'person',
  'outcome',
] as const;
const kinds: ReadonlySet<unknown> = new Set(entryKinds);
const allowed: Readonly<Record<string, ReadonlySet<unknown>>> = {
  action: new Set([undefined, 'allow', 'deny', 'require_approval', 'abstain']),
  mode: new Set([undefined, 'enforce', 'observe']),
};

function isEntryRow(value: unknown): value is EntryRow {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  return (
    typeof field('seq') === 'number' &&
    typeof field('time') === 'number' &&
    typeof field('summary') === 'string' &&
    kinds.has(field('kind')) &&
    rowTexts.every((name) => field(name) === undefined || typeof field(name) === 'string') &&
    Object.entries(allowed).every(([name, values]) => values.has(field(name)))
  );
}

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
