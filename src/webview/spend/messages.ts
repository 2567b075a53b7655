import * as z from 'zod/mini';
import type { BudgetStanding } from '../../engine/budget/standing.ts';
import type { SpendQuery, SpendReport, SpendRow, SpendStep, SpendSum } from '../../engine/spend/report.ts';
import { linkState } from '../records.ts';

const number = z.number();
const text = z.string();

export const spendKey = z.enum(['session', 'agent', 'subagent', 'model', 'workspace']);

const query: z.ZodMiniType<SpendQuery> = z.object({
  since: number,
  until: number,
  by: spendKey,
  step: z.enum(['hour', 'day']),
  timeZone: text,
  session: z.exactOptional(text),
});

const sum: z.ZodMiniType<SpendSum> = z.object({
  tokens: z.object({ input: number, output: number, cacheRead: number, cacheWrite5m: number, cacheWrite1h: number }),
  responses: number,
  webSearches: number,
  usd: number,
  unpricedTokens: number,
  notItemisedUsd: number,
  notItemisedTokens: z.exactOptional(number),
  saidUsd: z.exactOptional(number),
  isLowerBound: z.boolean(),
});
const row: z.ZodMiniType<SpendRow> = z.object({ key: text, label: text, detail: text, sum, lastAt: number });
const step: z.ZodMiniType<SpendStep> = z.object({ start: number, sum, usdBy: z.record(text, number) });
const report: z.ZodMiniType<SpendReport> = z.object({
  total: sum,
  rows: z.array(row),
  steps: z.array(step),
  unpriced: z.array(z.object({ model: text, tokens: number })),
  said: z.exactOptional(z.array(z.object({ model: text, tokens: number, usd: number }))),
  stale: z.exactOptional(z.array(z.object({ model: text, usd: number, ours: number }))),
  indexing: z.exactOptional(z.object({ doneBytes: number, totalBytes: number })),
});

const standing: z.ZodMiniType<BudgetStanding> = z.object({
  policy: text,
  per: z.enum(['session', 'agent', 'workspace', 'user']),
  subject: text,
  window: z.enum(['total', 'hour', 'day', 'week', 'month']),
  unit: z.enum(['usd', 'tokens', 'calls']),
  used: number,
  limit: number,
  raisedBy: number,
  onLimit: z.enum(['alert', 'require_approval', 'deny', 'kill']),
  alertAt: z.array(number),
  resetsAt: z.exactOptional(number),
  isLowerBound: z.boolean(),
});

/** Extension → spend. */
export type ToSpend = z.infer<typeof toSpend>;
export const toSpend = z.discriminatedUnion('type', [
  z.object({ type: z.literal('link'), link: linkState }),
  /** Something was spent, or a price was set: what is shown is old. */
  z.object({ type: z.literal('changed') }),
  /** The answer to `ask`. */
  z.object({ type: z.literal('report'), query, report, budgets: z.array(standing) }),
  z.object({ type: z.literal('failed'), reason: text }),
]);

/** Spend → extension. */
export type FromSpend = z.infer<typeof fromSpend>;
export const fromSpend = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('ask'), query }),
  z.object({ type: z.literal('export'), query }),
  z.object({ type: z.literal('set-price'), model: text }),
]);
