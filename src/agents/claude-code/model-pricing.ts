import * as z from 'zod/mini';
import type { OrganisationPrices } from '../../engine/spend/organisation.ts';
import type { Rates } from '../../engine/spend/rates.ts';
import type { SettingsFile } from './settings.ts';

/**
 * `modelPricing` of managed settings, as 2.1.329 reads it: files are merged in their order, and a row or a multiplier that is not as it
 * has to be is left out, the others hold. From any other settings the client takes none. `undefined`: nothing is set.
 */
export function organisationPrices(files: readonly SettingsFile[]): OrganisationPrices | undefined {
  const set = files.flatMap(({ text }) => modelPricing(text));
  const rates = Object.assign({}, ...set.map(({ overrides }) => ratesIn(overrides)));
  const multiplier = set.flatMap((one) => valid(factor, one.multiplier)).at(-1) ?? 1;
  if (multiplier === 1 && Object.keys(rates).length === 0) return undefined;
  return { agent: 'claude-code', multiplier, rates };
}

const factor = z.number().check(z.gt(0), z.lte(10));
const amount = z.number().check(z.gte(0), z.lte(10_000));
const row = z.object({ input: amount, output: amount, cacheRead: amount, cacheWrite: amount });
const settings = z.object({ modelPricing: z.object({ multiplier: z.optional(z.unknown()), overrides: z.optional(z.unknown()) }) });

function modelPricing(text: string | undefined): readonly z.infer<typeof settings>['modelPricing'][] {
  return text === undefined ? [] : valid(settings, jsonIn(text)).map((found) => found.modelPricing);
}

/** US dollars per million tokens; one rate for what is written to the cache, however long it stays. */
function ratesIn(overrides: unknown): Readonly<Record<string, Rates>> {
  const rows = valid(z.record(z.string(), z.unknown()), overrides).flatMap((all) => Object.entries(all));
  return Object.fromEntries(
    rows.flatMap(([model, value]) =>
      valid(row, value).map(({ input, output, cacheRead, cacheWrite }) => [model, { input, output, cacheRead, cacheWrite5m: cacheWrite }]),
    ),
  );
}

function valid<T>(schema: z.ZodMiniType<T>, value: unknown): readonly T[] {
  const parsed = z.safeParse(schema, value);
  return parsed.success ? [parsed.data] : [];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The client does not start with such a file, and `doctor` says so.
    return undefined;
  }
}
