import * as z from 'zod/mini';
import type { Source } from '../engine/artifact/start.ts';

const text = z.string().check(z.minLength(1), z.maxLength(4_096));
const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));

/** What was found of a server that is about to start. */
export const sourceSchema: z.ZodMiniType<Source> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('npm'), name: text, version: text, integrity: text, tree: digest, packages: z.int() }),
  z.object({ kind: z.literal('pypi'), name: text, spec: text }),
  z.object({
    kind: z.literal('image'),
    image: text,
    digest: z.exactOptional(digest),
    options: z.exactOptional(z.array(z.string())),
    risky: z.array(z.string()),
  }),
  z.object({ kind: z.literal('file'), path: text, sha256: text, lock: z.exactOptional(digest) }),
  z.object({ kind: z.literal('url'), url: text }),
  z.object({ kind: z.literal('program'), path: text, fetches: z.boolean() }),
]);
