import * as z from 'zod/mini';
import { condition } from '../policy/schema.ts';
import { described, documentFields, duration, modes, name, optional } from '../policy/schema-parts.ts';
import { like, scannerName, signer, text } from './schema-parts.ts';
import { artifactTest } from './test-schema.ts';

/** The shape of an ArtifactPolicy as it is written. */

export const trusts = ['pinned', 'reviewed', 'any'] as const;
const actions = ['allow', 'deny', 'require_approval', 'abstain'] as const;

const source = z.strictObject({
  npm: optional(
    like(/^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/, 'an npm package is written like @scope/name'),
    'A package from npm, by its name. It needs "version", and is started from our own verified copy.',
  ),
  version: optional(like(/^\d+\.\d+\.\d+[\w.+-]*$/, 'a version is exact, such as 1.2.3'), 'The exact version of the npm package.'),
  integrity: optional(
    like(/^sha512-[A-Za-z0-9+/]{86}==$/, 'an integrity is written like sha512-…, as npm has it'),
    'The hash of the package’s archive, as package-lock.json has it.',
  ),
  tree: optional(
    like(/^sha256:[0-9a-f]{64}$/, 'a tree is written like sha256:… with 64 digits'),
    'The hash of everything that is installed for the package, as "countersign mcp lock" prints it.',
  ),
  image: optional(
    like(/^[^\s@]+@sha256:[0-9a-f]{64}$/, 'an image is named with its digest: name@sha256:…'),
    'A container image with its digest. Where the configuration names its tag, the digest is started.',
  ),
  options: optional(
    z.array(text),
    'With "image": exactly what docker run is told before it, such as "-v /data:/data". Left out: options that open the container are asked about.',
  ),
  file: optional(text, 'A script or program by its absolute path; "~" is the home. It needs "sha256".'),
  sha256: optional(like(/^(sha256:)?[0-9a-f]{64}$/, 'a sha256 has 64 digits of 0-9 and a-f'), 'The hash of the file.'),
  url: optional(like(/^https?:\/\/[^\s/]+/, 'a url begins with https:// and a host'), 'A remote server, by its origin.'),
});

const scans = z.strictObject({
  required: described(
    z.array(scannerName),
    'Scanners that have to have looked at exactly these bytes: npm-audit, or those that config.json names.',
  ),
  maxSeverity: optional(
    z.enum(['none', 'low', 'medium', 'high']),
    'The worst that any scan kept of it may have found. A finding of unknown severity is worse than all of these. Left out: anything.',
  ),
  maxAge: optional(z.clone(duration), 'How old a required result may be, such as 30d. Left out: of any age.'),
  otherwise: optional(
    z.enum(['deny', 'require_approval']),
    'What becomes of a start whose scans are missing, unreadable, too old or too bad. Left out: deny.',
  ),
});

const server = z.strictObject({
  name: described(z.clone(name), 'The server as clients’ configurations call it.'),
  source: described(source, 'What may run under that name: exactly one of npm, image, file, url.'),
  signedBy: optional(z.array(signer), 'Who must have signed it: any of these.'),
  scans: optional(scans, 'What scanners must have said of it, in the place of what "spec" asks of all.'),
  conditions: optional(
    z.array(condition),
    'Every one must be true for it to start as this entry. They see "artifact" (what starts, and its scans) and "request".',
  ),
  tools: optional(
    z.enum(trusts),
    'pinned: only tools as they were when first accepted; reviewed (the default): changed tools are asked about; any: tools may change.',
  ),
});

export const artifactPolicy = z.strictObject({
  ...documentFields('ArtifactPolicy'),
  spec: described(
    z.strictObject({
      mode: optional(z.enum(modes), 'observe: record what would be decided, never interfere.'),
      servers: optional(z.array(server), 'MCP servers, and what each of them is. A name that stands here starts as nothing else.'),
      scans: optional(z.clone(scans), 'What scanners must have said of every server, listed or not.'),
      defaultAction: optional(z.enum(actions), 'What becomes of servers that are not listed. Left out: require_approval.'),
      unpinned: optional(
        z.enum(actions),
        'What becomes of packages that a runner (npx, uvx) would download, where no policy lists them. Left out: no more than defaultAction says.',
      ),
      tests: optional(z.array(artifactTest), 'Starts with what this policy must say of them. "countersign policy test" asks it.'),
    }),
    'What the policy says.',
  ),
});

export type ArtifactPolicySource = z.infer<typeof artifactPolicy>;
export type ScansSource = z.infer<typeof scans>;
export type ServerSource = z.infer<typeof server>;
