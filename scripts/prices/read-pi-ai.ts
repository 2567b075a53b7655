import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Excerpt, SourceRow } from './row.ts';

/** Reads the unpacked package `@earendil-works/pi-ai`: today's list prices; without 1-hour cache writes, fast mode and what is retired. */
export function readPiAi(folder: string): Excerpt {
  const data = join(folder, 'dist', 'providers', 'data');
  const { generatedAt } = z.parse(manifest, json(join(data, '.manifest.json')));
  const { version } = z.parse(packageFile, json(join(folder, 'package.json')));
  const models = ['anthropic.json', 'openai.json', 'google.json'].flatMap((file) => modelsIn(json(join(data, file))));
  return { package: '@earendil-works/pi-ai', version, date: generatedAt.slice(0, 10), licence: 'MIT', rows: models.map(rowOf) };
}

const packageFile = z.looseObject({ version: z.string() });
const manifest = z.looseObject({ generatedAt: z.string() });
const rates = { input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() };
const model = z.looseObject({
  id: z.string(),
  type: z.string(),
  cost: z.looseObject({ ...rates, tiers: z.optional(z.array(z.looseObject({ inputTokensAbove: z.number(), ...rates }))) }),
});
type Model = z.infer<typeof model>;
const providerFile = z.record(z.string(), z.record(z.string(), model));

function modelsIn(file: unknown): readonly Model[] {
  return (
    Object.values(z.parse(providerFile, file))
      .flatMap((api) => Object.values(api))
      // Open weights are free at one place only.
      .filter(({ id, type }) => type === 'chat' && !id.startsWith('gemma-'))
  );
}

function rowOf({ id, cost: { tiers = [], ...cost } }: Model): SourceRow {
  const steps = tiers.map(({ inputTokensAbove, ...step }) => ({ above: inputTokensAbove, ...ratesOf(step) }));
  return { models: [id], ...ratesOf(cost), ...(steps.length > 0 && { tiers: steps }) };
}

/** 0 stands for "has no price of its own" there: no model reads or writes its cache for nothing. */
function ratesOf({ input, output, cacheRead, cacheWrite }: Pick<Model['cost'], keyof typeof rates>): Omit<SourceRow, 'models'> {
  return { input, output, ...(cacheRead > 0 && { cacheRead }), ...(cacheWrite > 0 && { cacheWrite5m: cacheWrite }) };
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
