import * as z from 'zod/mini';
import { jsonObject, jsonValue, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('Codex');

/** What Codex sends to its hooks, as far as we read it (0.169 to 0.171). What a session has not got is left out or null. */
const base = z.object({
  session_id: name,
  cwd: name,
  hook_event_name: name,
  transcript_path: z.optional(z.nullable(z.string())),
  permission_mode: z.optional(z.nullable(z.string())),
  agent_id: z.optional(name),
  agent_type: z.optional(z.nullable(z.string())),
});
export type Base = z.infer<typeof base>;

const tool = z.object({ tool_name: name, tool_input: jsonObject });
export type ToolMessage = z.infer<typeof tool>;

export const schemas = {
  base,
  tool,
  toolCall: z.extend(tool, { tool_use_id: name }),
  toolResult: z.extend(tool, { tool_use_id: name, tool_response: z.optional(jsonValue) }),
  prompt: z.object({ prompt: z.string(), turn_id: z.optional(z.string()) }),
  sessionStart: z.object({ source: z.optional(z.string()) }),
  sessionEnd: z.object({ reason: z.optional(z.string()) }),
};
