import * as z from 'zod/mini';
import type { JsonObject } from '../engine/json.ts';

export const optionalText = z.exactOptional(z.string());

/** For what came out of `JSON.parse`, whose members are JSON. Not a record schema: that drops a key named `__proto__`. */
export const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

export const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);
export const mode = z.enum(['enforce', 'observe']);
export const layer = z.enum(['organisation', 'user', 'workspace', 'built-in']);

const exemption = z.looseObject({ rule: z.string(), reason: z.string(), until: optionalText, grantedBy: z.string() });

/** Loose, like everything that is kept: a field that a later version added is passed on, not lost. */
export const ruleRef = z.looseObject({
  policy: z.string(),
  rule: z.string(),
  layer,
  digest: z.string(),
  action,
  mode,
  message: optionalText,
  exemption: z.exactOptional(exemption),
  parts: z.exactOptional(z.array(z.looseObject({ start: z.number(), end: z.number() }))),
});
