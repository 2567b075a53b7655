import * as z from 'zod/mini';
import { lineOf, lineOfFault } from './settings-place.ts';

const list = z.optional(z.nullable(z.array(z.unknown())));
const record = z.optional(z.nullable(z.record(z.string(), z.unknown())));
const handler = z.looseObject({
  type: z.enum(['command', 'http', 'mcp_tool', 'prompt', 'agent']),
  timeout: z.optional(z.number().check(z.gt(0))),
  onFailure: z.optional(z.enum(['continue', 'block'])),
});
/** The parts of a settings file on which we depend, with those that make the client drop the whole file when they are odd. */
const schema = z.looseObject({
  disableAllHooks: z.optional(z.unknown()),
  allowManagedHooksOnly: z.optional(z.unknown()),
  enabledPlugins: record,
  allowedHttpHookUrls: list,
  strictKnownMarketplaces: list,
  env: record,
  model: z.optional(z.nullable(z.string())),
  permissions: z.optional(z.nullable(z.looseObject({ allow: list, deny: list, ask: list }))),
  hooks: z.optional(z.nullable(z.record(z.string(), z.array(z.looseObject({ hooks: z.array(handler) }))))),
});
export type Settings = z.infer<typeof schema>;
export type Handler = z.infer<typeof handler>;

/** Why a file cannot be taken as settings, as half a sentence, and where. */
export interface Unreadable {
  readonly problem: string;
  readonly line: number;
}

/** The settings, or what is wrong with them. Plain JSON, as the client takes it: no comments; a byte order mark is fine. */
export function readSettings(marked: string): { readonly settings: Settings } | Unreadable {
  const text = marked.replace(/^\uFEFF/, '');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (fault) {
    return { problem: 'it is not valid JSON', line: lineOfFault(text, fault) };
  }
  const result = z.safeParse(schema, json);
  if (result.success) return { settings: result.data };
  const path = (result.error.issues[0]?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
  if (path.length === 0) return { problem: 'it is not a JSON object', line: 1 };
  return { problem: `"${path.join('.')}" is not what the client accepts`, line: lineOf(text, path) };
}
