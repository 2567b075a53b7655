import * as z from 'zod/mini';
import { jsonObject, jsonValue, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('the client');

/** What Gemini CLI, and Qwen Code which was made of it, send to their hooks, as far as we read it. Unknown fields are fine. */
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

const tool = z.object({ tool_name: name, tool_input: jsonObject });

export const schemas = {
  /** Gemini names no call; of MCP it says whose tool it is, because the tool's name does not. */
  geminiTool: z.extend(tool, {
    mcp_context: z.optional(z.object({ server_name: name, tool_name: name })),
    tool_response: z.optional(
      z.object({ llmContent: z.optional(jsonValue), error: z.optional(z.object({ message: z.optional(z.string()) })) }),
    ),
  }),
  qwenTool: tool,
  qwenCall: z.extend(tool, { tool_use_id: name }),
  qwenResult: z.extend(tool, {
    tool_use_id: name,
    duration_ms: z.optional(z.number()),
    error: z.optional(z.string()),
    tool_response: z.optional(z.object({ llmContent: z.optional(jsonValue) })),
  }),
  prompt: z.object({ prompt: z.string(), prompt_id: z.optional(z.string()) }),
  sessionStart: z.object({ source: z.optional(z.string()) }),
  sessionEnd: z.object({ reason: z.optional(z.string()) }),
};

/** What every message carries. Throws `UnreadableMessage`. */
export function readBase(message: unknown): Base {
  return parse(base, message);
}
