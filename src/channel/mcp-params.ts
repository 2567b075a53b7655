import * as z from 'zod/mini';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { McpMethods } from './mcp-messages.ts';

const text = z.string().check(z.maxLength(4_096));
const name = z.string().check(z.minLength(1), z.maxLength(4_096));
const pid = z.exactOptional(z.int().check(z.gte(1)));
/** Comes out of `JSON.parse`: what lies inside is JSON already. */
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const value = z.custom<JsonValue>((given) => given !== undefined);
const kind = z.enum(['tool', 'resource', 'prompt']);

const from = { client: text, version: z.exactOptional(text), session: name, cwd: name, server: name, pid, pidSpace: z.exactOptional(text) };
const told = { ...from, kind, name, arguments: object, callId: name };

/** What the gateway of an MCP server may send. */
export const mcpSchemas: { readonly [M in keyof McpMethods]: z.ZodMiniType<McpMethods[M]['params']> } = {
  mcpCall: z.object({ ...from, kind, name, arguments: object, hint: z.exactOptional(name), ask: name, waits: z.number().check(z.gte(0)) }),
  mcpContinue: z.object({ ...told, answers: object }),
  mcpResult: z.object({
    ...told,
    failed: z.boolean(),
    joined: z.boolean(),
    durationMs: z.number(),
    output: z.exactOptional(value),
  }),
  mcpList: z.object({ ...from, kind, names: z.array(name).check(z.maxLength(10_000)) }),
  mcpLetGo: z.object({ ask: name }),
};
