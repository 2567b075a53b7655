import { quarterMs } from '../../engine/spend/steps.ts';
import type { Hidden, Usage } from '../../engine/spend/sum.ts';
import type { Names } from './names.ts';

/** Sums of the table of spots under one price. */
export interface UsageRow {
  readonly quarter: number;
  readonly agent: number;
  readonly model: number;
  readonly band: number;
  readonly speed: number;
  readonly region: number;
  readonly responses: number;
  readonly open: number;
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly write5: number;
  readonly write1: number;
  readonly web: number;
  readonly last: number;
  /** The session, where each stands on its own. */
  readonly owner?: number;
}
export interface HiddenRow {
  readonly session: number;
  readonly at: number;
  readonly model: number;
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly write5: number;
  readonly write1: number;
  readonly web: number;
  readonly usd: number | null;
}

export const usageColumns = `sum(responses) AS responses, sum(open) AS open, sum(input) AS input, sum(output) AS output, sum(read) AS read,
  sum(write5) AS write5, sum(write1) AS write1, sum(web) AS web, max(last) AS last`;

export function usageOf(row: UsageRow, names: Names): Usage {
  const { agent, model, band, speed, region, input, output, read, write5, write1 } = row;
  return {
    agent: names.text(agent),
    terms: { model: names.text(model), band, speed: speed === 1 ? 'fast' : 'standard', region: names.text(region) },
    at: row.quarter * quarterMs,
    tokens: { input, output, cacheRead: read, cacheWrite5m: write5, cacheWrite1h: write1 },
    webSearches: row.web,
    responses: row.responses,
    open: row.open,
  };
}

export function hiddenUsageOf(row: HiddenRow, names: Names): Hidden {
  const { at, model, input, output, read, write5, write1, web, usd } = row;
  const tokens = { input, output, cacheRead: read, cacheWrite5m: write5, cacheWrite1h: write1 };
  return { at, model: names.text(model), tokens, webSearches: web, ...(usd === null ? {} : { usd }) };
}
