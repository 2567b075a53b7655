import * as z from 'zod/mini';
import { jsonObject, jsonValue, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('Claude Code');

/**
 * What Claude Code sends to its hooks, as far as we read it. Fields that we do not know are fine: every release adds some.
 * Fields that a decision needs must be there and be what they were.
 */
const base = z.object({
  session_id: name,
  cwd: name,
  hook_event_name: name,
  transcript_path: z.optional(z.string()),
  permission_mode: z.optional(z.string()),
  agent_id: z.optional(name),
  agent_type: z.optional(z.string()),
});
export type Base = z.infer<typeof base>;

const tool = z.object({
  tool_name: name,
  tool_input: jsonObject,
  mcp_server: z.optional(z.object({ name })),
});
export type ToolMessage = z.infer<typeof tool>;

export const schemas = {
  tool,
  toolCall: z.extend(tool, { tool_use_id: name }),
  toolResult: z.extend(tool, {
    tool_use_id: name,
    duration_ms: z.optional(z.number()),
    error: z.optional(z.string()),
    tool_response: z.optional(jsonValue),
  }),
  batch: z.object({ tool_calls: z.array(z.object({ tool_use_id: name, tool_response: z.optional(jsonValue) })) }),
  prompt: z.object({ prompt: z.string(), prompt_id: z.optional(z.string()) }),
  expansion: z.object({
    command_name: name,
    command_args: z.optional(z.string()),
    prompt: z.optional(z.string()),
    prompt_id: z.optional(z.string()),
  }),
  sessionStart: z.object({ source: z.optional(z.string()) }),
  sessionEnd: z.object({ reason: z.optional(z.string()) }),
  configChange: z.object({ source: name, file_path: z.optional(z.string()) }),
};

/** What every message carries. Throws `UnreadableMessage`. */
export function readBase(message: unknown): Base {
  return parse(base, message);
}
