import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';
import { jsonObject, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('Cursor');

const base = z
  .object({
    conversation_id: name,
    hook_event_name: name,
    workspace_roots: z.optional(z.array(name)),
    cwd: z.optional(z.string()),
    cursor_version: z.optional(z.string()),
    parent_tool_call_id: z.optional(z.string()),
  })
  .check(z.refine((one) => (one.workspace_roots?.[0] ?? one.cwd ?? '') !== '', { path: ['workspace_roots'] }));
export type Base = z.infer<typeof base>;

/** Before an MCP call the arguments are a text. */
const inText = z.pipe(
  z.string(),
  z.transform((text, context): JsonObject => {
    const input = objectIn(text);
    if (input === undefined) context.issues.push({ code: 'custom', message: 'not a JSON object', input: text });
    return input ?? {};
  }),
);

export const schemas = {
  tool: z.object({ tool_name: name, tool_input: jsonObject, tool_use_id: z.optional(name) }),
  mcp: z.object({
    tool_name: name,
    tool_input: z.union([inText, jsonObject]),
    tool_use_id: z.optional(name),
    mcp_server_name: z.optional(z.string()),
    server: z.optional(z.string()),
  }),
  shell: z.object({ command: z.string(), cwd: z.optional(z.string()) }),
  prompt: z.object({ prompt: z.string() }),
};

/** What every message carries. Throws `UnreadableMessage`. */
export function readBase(message: unknown): Base {
  return parse(base, message);
}

function objectIn(text: string): JsonObject | undefined {
  try {
    return z.parse(jsonObject, JSON.parse(text));
  } catch {
    return undefined;
  }
}
