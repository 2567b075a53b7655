import * as z from 'zod/mini';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { McpMethods } from './mcp-messages.ts';
import { sourceSchema } from './source-schema.ts';

const text = z.string().check(z.maxLength(4_096));
const name = z.string().check(z.minLength(1), z.maxLength(4_096));
const pid = z.exactOptional(z.int().check(z.gte(1)));
/** Comes out of `JSON.parse`: what lies inside is JSON already. */
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const value = z.custom<JsonValue>((given) => given !== undefined);
const list = z.array(name).check(z.maxLength(1_000));
const kind = z.enum(['tool', 'resource', 'prompt']);
const pinned = z.enum(['tool', 'prompt', 'instructions']);

/** Who speaks. */
export const mcpFrom = {
  client: text,
  version: z.exactOptional(text),
  session: name,
  cwd: name,
  server: name,
  pid,
  pidSpace: z.exactOptional(text),
  distant: z.exactOptional(z.literal(true)),
};
const told = { ...mcpFrom, kind, name, arguments: object, callId: name };

/** What is about to start. */
export const mcpStarting = {
  command: z.array(z.string()).check(z.maxLength(1_000)),
  source: z.exactOptional(sourceSchema),
  fault: z.exactOptional(text),
  loads: z.record(z.string(), z.string()),
};

/** What the gateway of an MCP server may send. */
export const mcpSchemas: { readonly [M in keyof McpMethods]: z.ZodMiniType<McpMethods[M]['params']> } = {
  mcpStart: z.object({
    ...mcpFrom,
    ...mcpStarting,
    waits: z.number().check(z.gte(0)),
  }),
  mcpCall: z.object({
    ...mcpFrom,
    kind,
    name,
    arguments: object,
    hint: z.exactOptional(name),
    definition: z.exactOptional(text),
    ask: name,
    waits: z.number().check(z.gte(0)),
  }),
  mcpContinue: z.object({ ...told, answers: object }),
  mcpResult: z.object({
    ...told,
    failed: z.boolean(),
    joined: z.boolean(),
    durationMs: z.number(),
    output: z.exactOptional(value),
  }),
  mcpList: z.object({ ...mcpFrom, kind, names: z.array(name).check(z.maxLength(10_000)) }),
  mcpShown: z.object({
    ...mcpFrom,
    shown: z.array(z.object({ kind: pinned, name: z.string(), definition: value })).check(z.maxLength(10_000)),
  }),
  mcpChanged: z.object({ since: z.number() }),
  mcpServers: z.strictObject({ folders: z.exactOptional(list), names: z.exactOptional(list) }),
  answerPins: z.object({
    server: name,
    name: z.exactOptional(z.string()),
    kind: z.exactOptional(pinned),
    accept: z.boolean(),
    surface: text,
  }),
  mcpSecrets: z.object({ ...mcpFrom, names: z.array(name).check(z.minLength(1), z.maxLength(1_000)) }),
  mcpLetGo: z.object({ ask: name }),
};
