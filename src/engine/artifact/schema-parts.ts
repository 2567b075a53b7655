import * as z from 'zod/mini';
import { described, optional } from '../policy/schema-parts.ts';

/** What an ArtifactPolicy and its tests have in common. */

export const text = z.string().check(z.minLength(1, 'it cannot be empty'), z.maxLength(1000, 'it has at most 1000 characters'));
export const like = (pattern: RegExp, message: string) => z.string().check(z.regex(pattern, message));

export const signer = z.strictObject({
  sigstore: optional(
    z.strictObject({
      repository: described(text, 'Where it was built, such as github.com/owner/name.'),
      workflow: optional(text, 'The workflow file that built it.'),
    }),
    'Signed by a build of this repository.',
  ),
  ssh: optional(text, 'Signed with the SSH key of this person.'),
});

export const scannerName = like(/^[a-z0-9-]{1,40}$/, 'a scanner is called like npm-audit: a-z, 0-9 and "-"');

export type SignerSource = z.infer<typeof signer>;
