import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import type { Excerpt, SourceRow } from './row.ts';

/** Reads the unpacked package `@pydantic/genai-prices`: prices with their dates, 1-hour cache writes, retired models. */
export async function readGenaiPrices(folder: string, date: string): Promise<Excerpt> {
  const { version } = z.parse(z.looseObject({ version: z.string() }), JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const { findProvider } = z.parse(library, await import(pathToFileURL(join(folder, 'dist', 'index.js')).href));
  const models = Object.entries(codes).flatMap(([providerId, own]) =>
    z.parse(provider, findProvider({ providerId })).models.filter(({ id }) => own.test(id)),
  );
  const rows = models.filter(({ id }) => !speaks.test(id)).flatMap(rowsOf);
  return { package: '@pydantic/genai-prices', version, date, licence: 'MIT', rows };
}

/** Models that coding agents run, and not those of other trades; each from its own maker: others sell it at other rates. */
const codes = { anthropic: /^claude-(3|opus|sonnet|haiku|fable)/, openai: /^(gpt-[4-9]|o[134]|codex)/, google: /^gemini-[2-9]/ };
const speaks = /image|audio|realtime|transcribe|tts|search|deep-research|\.ft-|:extended|vision|live|embedding|robotics|computer-use/;

const library = z.looseObject({
  findProvider: z.custom<(options: { providerId: string }) => unknown>((value) => typeof value === 'function'),
});
const amount = z.optional(
  z.union([z.number(), z.looseObject({ base: z.number(), tiers: z.array(z.looseObject({ start: z.number(), price: z.number() })) })]),
);
type Amount = z.infer<typeof amount>;
const prices = z.looseObject({
  input_mtok: amount,
  output_mtok: amount,
  cache_read_mtok: amount,
  cache_write_mtok: amount,
  cache_write_1h_mtok: amount,
});
type Prices = z.infer<typeof prices>;
const dated = z.looseObject({ constraint: z.optional(z.looseObject({ type: z.literal('start_date'), start_date: z.string() })), prices });
const model = z.looseObject({ id: z.string(), match: z.unknown(), prices: z.union([z.array(dated), prices]) });
const provider = z.looseObject({ models: z.array(model) });

function rowsOf({ id, match, prices: given }: z.infer<typeof model>): readonly SourceRow[] {
  const models = [...new Set([id.replace(/-(latest|0)$/, ''), id, ...wholeNames(match)])];
  const steps = Array.isArray(given) ? given : [{ prices: z.parse(prices, given) }];
  return steps.map(({ constraint, prices: step }) => ({ models, ...(constraint && { from: constraint.start_date }), ...rowOf(step) }));
}

/** Whole names only: what its rules say about beginnings would give a new model the price of an old one. */
function wholeNames(match: unknown): readonly string[] {
  const parsed = z.safeParse(z.looseObject({ or: z.optional(z.array(z.unknown())), equals: z.optional(z.string()) }), match);
  const { or = [], equals } = parsed.success ? parsed.data : {};
  return [...(equals === undefined ? [] : [equals]), ...or.flatMap(wholeNames)];
}

function rowOf(given: Prices): Omit<SourceRow, 'models'> {
  const starts = Object.values(given).flatMap((value) => startsOf(value));
  const tiers = [...new Set(starts)].toSorted((a, b) => a - b).map((start) => ({ above: threshold(start), ...ratesAt(given, start) }));
  return { ...ratesAt(given, -1), ...(tiers.length > 0 && { tiers }) };
}

function startsOf(value: unknown): readonly number[] {
  const parsed = z.safeParse(amount, value);
  return parsed.success && typeof parsed.data === 'object' ? parsed.data.tiers.map(({ start }) => start) : [];
}

/** It writes OpenAI's "less than 272k" as 271,999 for some models and as 272,000 for others; everybody else has 272,000. */
function threshold(start: number): number {
  return start === 271_999 ? 272_000 : start;
}

function ratesAt(given: Prices, start: number): Omit<SourceRow, 'models'> {
  const [cacheRead, cacheWrite5m, cacheWrite1h] = [given.cache_read_mtok, given.cache_write_mtok, given.cache_write_1h_mtok].map((value) =>
    rateAt(value, start),
  );
  return {
    input: rateAt(given.input_mtok, start) ?? 0,
    output: rateAt(given.output_mtok, start) ?? 0,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite5m !== undefined && { cacheWrite5m }),
    ...(cacheWrite1h !== undefined && { cacheWrite1h }),
  };
}

function rateAt(value: Amount, start: number): number | undefined {
  return typeof value === 'object' ? (value.tiers.find((tier) => tier.start === start)?.price ?? value.base) : value;
}
