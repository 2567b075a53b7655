import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as z from 'zod/mini';
import type { Home } from './home.ts';
import { hasCode } from './private-file.ts';
import { safeUrl } from './safe-url.ts';

/** `review` in `config.json`: the model that texts may be shown to. */
export type ReviewConfig = z.infer<typeof reviewSchema>;

/** Nothing where none is named. Throws a sentence for a person where that cannot be understood: then nothing is sent anywhere. */
export function readReviewConfig(home: Home): ReviewConfig | undefined {
  const parsed = z.safeParse(configSchema, jsonOf(home.config));
  if (parsed.success) return parsed.data.review;
  const [issue] = parsed.error.issues;
  throw new Error(`${home.config}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be understood'}`);
}

const text = z.string().check(z.minLength(1));
const atLeastOne = z.int().check(z.gte(1));
const endpoint = z.strictObject({
  url: safeUrl,
  model: text,
  headers: z.exactOptional(z.record(z.string(), z.string())),
  body: z.exactOptional(z.record(z.string(), z.unknown())),
});
// A program by its full path: which one a bare name means could change with the folder or the environment.
const command = z.tuple([z.string().check(z.refine(isAbsolute, 'has to be the full path of a program'))], z.string());
/** Names of VS Code's language models, each left out for any. */
const editorModel = z.strictObject({ vendor: z.exactOptional(text), family: z.exactOptional(text), id: z.exactOptional(text) });

const reviewSchema = z
  .strictObject({
    openai: z.exactOptional(endpoint),
    anthropic: z.exactOptional(endpoint),
    command: z.exactOptional(command),
    vscode: z.exactOptional(editorModel),
    mostCharacters: z.exactOptional(atLeastOne.check(z.lte(200_000))),
    atOnce: z.exactOptional(atLeastOne),
    perDay: z.exactOptional(z.strictObject({ calls: z.exactOptional(atLeastOne), tokens: z.exactOptional(atLeastOne) })),
  })
  .check(
    z.refine(
      ({ openai, anthropic, command: program, vscode }) =>
        [openai, anthropic, program, vscode].filter((one) => one !== undefined).length === 1,
      'names exactly one of openai, anthropic, command and vscode',
    ),
  );
const configSchema = z.looseObject({ review: z.exactOptional(reviewSchema) });

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return {};
    throw new Error(`${path} cannot be understood, so no model is asked. Correct it.`, { cause });
  }
}
