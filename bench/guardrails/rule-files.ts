import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Sample } from './sample.ts';

const texts = z.nullish(z.array(z.string()));
const document = z.object({
  rules: z.array(z.object({ id: z.string(), categories: texts, examples: texts, negative_examples: texts })),
});

export function noseyParkerSamples(checkout: string): readonly Sample[] {
  return inFolder(join(checkout, 'crates/noseyparker/data/default/builtin/rules'));
}

export function kingfisherSamples(checkout: string): readonly Sample[] {
  return inFolder(join(checkout, 'data/rules'));
}

/** The examples that rules in YAML carry. Where a rule says that it is about an identifier, its examples are no secrets. */
function inFolder(folder: string): readonly Sample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => z.parse(document, parse(readFileSync(join(folder, name), 'utf8'))).rules)
    .filter(({ categories }) => categories?.includes('secret') ?? true)
    .flatMap(({ id, examples, negative_examples: negatives }) => [
      ...(examples ?? []).map((text) => ({ rule: id, text, positive: true })),
      ...(negatives ?? []).map((text) => ({ rule: id, text, positive: false })),
    ]);
}
