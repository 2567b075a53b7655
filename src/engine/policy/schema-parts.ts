import * as z from 'zod/mini';
import { parseDuration } from './duration.ts';

/** What the kinds of documents have in common. */

export function described<T extends z.core.$ZodType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { description });
  return schema;
}

/** The description goes to the field, not to the schema, which other fields may share. */
export function optional<T extends z.core.$ZodType>(schema: T, description: string): z.ZodMiniOptional<T> {
  return described(z.optional(schema), description);
}

export const modes = ['enforce', 'observe'] as const;

export const name = described(
  z
    .string()
    .check(
      z.regex(
        /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,127}$/u,
        'a name is 1 to 128 letters, digits, ".", "_" or "-", and begins with a letter or digit',
      ),
    ),
  'A name: letters, digits, ".", "_" and "-".',
);
const pattern = z.string().check(z.minLength(1, 'a pattern cannot be empty'), z.maxLength(1000, 'a pattern has at most 1000 characters'));
const patterns = z.array(pattern).check(z.minLength(1, 'a list of patterns cannot be empty'));
export const oneOrMore = z.union([pattern, patterns]);
export const duration = described(
  z
    .string()
    .check(z.refine((text) => parseDuration(text) !== undefined, 'a duration is a whole number with ms, s, m, h or d, such as 30m')),
  'A duration: 500ms, 30s, 30m, 1h or 2d.',
);

const metadata = z.strictObject({
  name: described(name, 'Unique within its layer.'),
  description: optional(z.string(), 'What this policy is for.'),
});

/** What every document begins with. */
export function documentFields<K extends string>(kind: K) {
  return {
    apiVersion: optional(z.literal('countersign.dev/v1'), 'May be left out.'),
    kind: described(z.literal(kind), 'The kind of the document.'),
    metadata: described(z.clone(metadata), 'What the policy is called.'),
  };
}
