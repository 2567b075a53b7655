import * as z from 'zod/mini';
import { described, optional } from '../policy/schema-parts.ts';
import { testCall } from '../policy/schema.ts';
import { scannerName, signer } from './schema-parts.ts';
import { severities } from './scan.ts';

const text = z.string().check(z.minLength(1, 'it cannot be empty'), z.maxLength(4_096, 'it has at most 4096 characters'));
const found = z.enum([...severities, 'unavailable']);
const { agent, session, workspace, user, time } = testCall.shape;

/** The start of a server as tests write it. */
const testStart = z.strictObject({
  server: described(text, 'The server as clients’ configurations call it.'),
  command: optional(text, 'The command line, split at its blanks. What it says nothing of is made up.'),
  source: optional(
    z.strictObject({
      npm: optional(text, 'A package from npm, by its name.'),
      version: optional(text, 'Its version.'),
      integrity: optional(text, 'The hash of its archive.'),
      tree: optional(text, 'The hash of everything that was installed for it.'),
      image: optional(text, 'A container image, with its digest or without.'),
      file: optional(text, 'A script or program.'),
      sha256: optional(text, 'The hash of the file.'),
      url: optional(text, 'A remote server.'),
    }),
    'What is found to run. Left out, with no command: what the first entry of that name has; given in part: the rest as there.',
  ),
  signedBy: optional(z.array(signer), 'Who signed it. Left out: nobody.'),
  scans: optional(
    z.record(scannerName, z.union([found, z.strictObject({ max: described(found, 'The worst.'), at: described(text, 'When.') })])),
    'What each scanner found at worst, or "unavailable"; with the time where it is not that of the start.',
  ),
  agent,
  session,
  workspace,
  user,
  time,
});

export const startOrCommand = z.union([z.string(), testStart]);
export const startActions = z.enum(['allow', 'deny', 'require_approval', 'abstain']);

/** A test in an ArtifactPolicy. */
export const artifactTest = z.strictObject({
  start: described(startOrCommand, 'The start of a server: its command line, or what is found of it.'),
  expect: described(startActions, 'What this policy has to say of it.'),
  rule: optional(z.string(), 'What has to say so: a server’s name, or (default), (unpinned), (options), (scans).'),
});

export type TestStart = z.infer<typeof testStart>;
