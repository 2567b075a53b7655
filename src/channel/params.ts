import * as z from 'zod/mini';
import { entryKinds } from '../engine/audit/entry.ts';
import type { EntrySearch } from '../engine/audit/search.ts';
import { mcpSchemas } from './mcp-params.ts';
import type { Method, Methods } from './messages.ts';
import { ownSchemas } from './own-params.ts';

const text = z.string();
const id = z.string().check(z.minLength(1), z.maxLength(1000));
const surface = z.string().check(z.maxLength(100));
const nothing = z.object({});
const folders = z.array(text);
const count = z.int().check(z.gte(1), z.lte(1000));
const texts = z.exactOptional(z.array(text));
const search: z.ZodMiniType<EntrySearch> = z.object({
  agents: texts,
  sessions: texts,
  kinds: z.exactOptional(z.array(z.enum(entryKinds))),
  tools: texts,
  actions: z.exactOptional(z.array(z.enum(['allow', 'deny', 'require_approval', 'abstain']))),
  rules: texts,
  people: texts,
  path: z.exactOptional(text),
  text: z.exactOptional(text),
  since: z.exactOptional(z.number()),
  until: z.exactOptional(z.number()),
});

/** What a client may send with each method. */
const schemas: { readonly [M in Method]: z.ZodMiniType<Methods[M]['params']> } = {
  hello: z.object({
    token: text,
    client: z.enum(['window', 'cli', 'hook', 'terminal']),
    pid: z.int(),
    version: text,
    folders: z.exactOptional(folders),
    focused: z.exactOptional(z.boolean()),
  }),
  status: nothing,
  subscribe: nothing,
  window: z.object({ folders, focused: z.boolean() }),
  hook: z.object({
    agent: id,
    event: z.exactOptional(text),
    message: z.unknown(),
    pid: z.exactOptional(z.int().check(z.gte(1))),
    pidSpace: z.exactOptional(text),
    paired: z.exactOptional(z.boolean()),
    waitedMs: z.exactOptional(z.number().check(z.gte(0))),
  }),
  ...mcpSchemas,
  ...ownSchemas,
  approvals: z.object({ all: z.exactOptional(z.boolean()) }),
  answer: z.object({ id, outcome: z.enum(['approved', 'denied']), scope: z.enum(['once', 'session']), reason: text, surface }),
  sessions: nothing,
  kill: z.object({ session: id, reason: text, surface }),
  killAll: z.object({ reason: text, surface }),
  beginCanary: z.object({ session: id, callId: id }),
  endCanary: z.object({
    session: id,
    callId: id,
    heard: z.exactOptional(text),
    fault: z.exactOptional(text),
    about: z.exactOptional(id),
  }),
  revive: z.object({ session: id, surface }),
  pause: z.object({ session: z.exactOptional(id), reason: text, surface }),
  resume: z.object({ session: z.exactOptional(id), surface }),
  observe: z.object({ folder: z.exactOptional(id), on: z.boolean(), forMs: z.exactOptional(z.number().check(z.gt(0))), surface }),
  policies: z.object({ folder: id }),
  policyText: z.object({ digest: id }),
  incidents: nothing,
  closeIncidents: z.object({ seqs: z.array(z.int().check(z.gte(1))).check(z.maxLength(100)), reason: text, surface }),
  activity: z.object({ limit: count, before: z.exactOptional(z.int()) }),
  search: z.object({ id, search }),
  rows: z.object({ id, from: z.int(), limit: z.int().check(z.gte(1), z.lte(500)) }),
  closeSearch: z.object({ id }),
  exportSearch: z.object({ id, format: z.enum(['jsonl', 'csv', 'ocsf', 'otlp']), file: text }),
  facets: nothing,
  ruleCounts: z.object({ folders: z.exactOptional(folders) }),
  entry: z.object({ seq: z.int().check(z.gte(1)) }),
  spend: z.object({
    since: z.number(),
    until: z.number(),
    by: z.enum(['session', 'agent', 'subagent', 'model', 'workspace']),
    step: z.enum(['hour', 'day']),
    timeZone: text,
    session: z.exactOptional(text),
  }),
  budgets: nothing,
  resetBreakers: z.object({ session: id, surface }),
  reviewed: z.object({
    id,
    text: z.exactOptional(text.check(z.maxLength(10_000))),
    problem: z.exactOptional(z.enum(['no-model', 'no-consent', 'failed'])),
  }),
  shutdown: z.object({ reason: text }),
};

export function isMethod(name: string): name is Method {
  return Object.hasOwn(schemas, name);
}

/** Throws on parameters that are not what the method takes. */
export function paramsOf<M extends Method>(method: M, params: unknown): Methods[M]['params'] {
  const result = z.safeParse(schemas[method], params);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`"${method}" with a wrong "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`);
}
