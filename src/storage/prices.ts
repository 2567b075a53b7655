import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { listPrices, listWebSearchUsd } from '../engine/spend/list-prices.ts';
import { pricesOf, type Prices, type PriceTable } from '../engine/spend/price.ts';
import { promptBands } from '../engine/spend/usage.ts';
import { organisationPrices } from '../agents/claude-code/model-pricing.ts';
import { claudeFolder } from './agent-folders.ts';
import type { Home } from './home.ts';
import { managedFolder, managedSettings } from './install/claude-settings.ts';
import { hasCode } from './private-file.ts';

/**
 * The prices in force: `prices` in `config.json`, what the organisation pays by Claude Code's managed settings, the list that we ship, and
 * what Claude Code was told of models that are newer than the list. Throws a sentence for a person where `config.json` has a price that cannot be understood.
 */
export function readPrices(home: Home, claudeFile: string = claudeStateFile(), managed: string = managedFolder()): Prices {
  const organisation = organisationPrices(managedSettings(managed));
  return pricesOf(listPrices, listWebSearchUsd, setPrices(home), toldPrices(claudeFile), organisation);
}

/** Where Claude Code keeps its own state: beside its default folder, inside any other. */
export function claudeStateFile(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const folder = claudeFolder(environment);
  return folder === join(homedir(), '.claude') ? join(dirname(folder), '.claude.json') : join(folder, '.claude.json');
}

const amount = z.number().check(z.gte(0));
const rates = {
  input: amount,
  output: amount,
  cacheRead: z.exactOptional(amount),
  cacheWrite5m: z.exactOptional(amount),
  cacheWrite1h: z.exactOptional(amount),
};
const bands: readonly number[] = promptBands;
const above = z
  .number()
  .check(z.refine((value) => bands.includes(value), `is none of ${promptBands.join(', ')}: usage is kept by these sizes`));
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'is no day like 2026-11-28'), z.refine(isDay, 'is no day of the calendar'));
const price = z.strictObject({
  ...rates,
  from: z.exactOptional(day),
  tiers: z.exactOptional(z.array(z.strictObject({ above, ...rates }))),
  fast: z.exactOptional(z.strictObject(rates)),
});
/** `prices` in `config.json`: by model, with `*` for anything; one price, or one for each day from which it holds. */
function setPrices(home: Home): PriceTable {
  const given = z.safeParse(z.looseObject({ prices: z.exactOptional(z.record(z.string(), z.unknown())) }), jsonOf(home.config));
  if (!given.success) throw new Error(`${home.config}: prices is no object of prices by model. Correct it.`);
  return Object.fromEntries(Object.entries(given.data.prices ?? {}).map(([model, value]) => [model, setPrice(home, model, value)]));
}

function setPrice(home: Home, model: string, value: unknown): PriceTable[string] {
  const parsed = z.safeParse(z.array(price), Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.slice(1).join('.') || 'it'} ${message}`);
  throw new Error(
    `${home.config}: the price of ${model} cannot be understood (${problems.join('; ')}). Give US dollars per million tokens: ` +
      '{"input": 2, "output": 10, "cacheRead": 0.2, "cacheWrite5m": 2.5, "cacheWrite1h": 4}.',
  );
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Claude Code 2.1, as its server sends it: dollars per million tokens. */
const toldRates = {
  inputTokens: amount,
  outputTokens: amount,
  promptCacheReadTokens: amount,
  promptCacheWriteTokens: amount,
  promptCacheWrite1hTokens: z.optional(amount),
};
const toldPrice = z.object({
  ...toldRates,
  longPrompt: z.optional(z.object({ abovePromptTokens: above, ...toldRates })),
  fast: z.optional(z.object(toldRates)),
});
const claudeState = z.object({ additionalModelCostsCache: z.optional(z.record(z.string(), z.unknown())) });

/** It is another program's file: what is not as we know it says nothing about prices, and the model stays unpriced. */
function toldPrices(file: string): PriceTable {
  const state = z.safeParse(claudeState, readable(file));
  const entries = Object.entries((state.success ? state.data.additionalModelCostsCache : undefined) ?? {});
  return Object.fromEntries(
    entries.flatMap(([model, value]) => {
      const parsed = z.safeParse(toldPrice, value);
      return parsed.success ? [[model, [priceOf(parsed.data)]] as const] : [];
    }),
  );
}

function priceOf({ longPrompt, fast, ...standard }: z.infer<typeof toldPrice>): PriceTable[string][number] {
  return {
    ...ratesOf(standard),
    ...(longPrompt && { tiers: [{ above: longPrompt.abovePromptTokens, ...ratesOf(longPrompt) }] }),
    ...(fast && { fast: ratesOf(fast) }),
  };
}

function ratesOf(told: Omit<z.infer<typeof toldPrice>, 'longPrompt' | 'fast'>): PriceTable[string][number] {
  return {
    input: told.inputTokens,
    output: told.outputTokens,
    cacheRead: told.promptCacheReadTokens,
    cacheWrite5m: told.promptCacheWriteTokens,
    ...(told.promptCacheWrite1hTokens !== undefined && { cacheWrite1h: told.promptCacheWrite1hTokens }),
  };
}

function readable(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // There is none, or Claude Code is writing it: the next look finds it.
    return {};
  }
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return {};
    throw new Error(`${path} cannot be understood. Correct it, or delete it to start anew.`, { cause });
  }
}
