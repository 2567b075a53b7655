import { isAbsolute } from 'node:path';
import * as z from 'zod/mini';

const path = z.string().check(z.refine(isAbsolute, 'a path must be absolute'));

/** Strict: an anchor of a kind that this version does not know must not be taken for one that works. */
const anchor = z.union([
  z.strictObject({
    git: z.strictObject({ repository: path, ref: z.exactOptional(z.string().check(z.regex(/^refs\/[A-Za-z0-9._/-]+$/))) }),
  }),
  z.strictObject({ file: path }),
  z.strictObject({ command: z.array(z.string()).check(z.minLength(1)) }),
  z.strictObject({
    rfc3161: z.strictObject({
      // Plain http too: what is sent is a digest, and what comes back is signed.
      url: z.url({ protocol: /^https?$/ }),
      ca: z.exactOptional(path),
      everyMinutes: z.exactOptional(z.number().check(z.gte(0))),
    }),
  }),
]);

/** `audit` in `config.json`. */
export const auditConfig = z.strictObject({
  /** Where each checkpoint goes besides the log, so that a log that was rolled back or cut off shows. */
  anchors: z.exactOptional(z.array(anchor)),
  /** Entries older than this lose their contents; 0: never. Left out: `defaultRetentionDays`. */
  retentionDays: z.exactOptional(z.number().check(z.gte(0))),
  /** Where the log is sent; `outbox-config.ts` reads it. */
  export: z.exactOptional(z.unknown()),
});

export const defaultRetentionDays = 90;

export type AuditConfig = z.infer<typeof auditConfig>;
export type AnchorConfig = z.infer<typeof anchor>;
