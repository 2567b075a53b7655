import * as z from 'zod/mini';
import { UnreadableMessage } from '../agent.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';

/** What Gemini CLI, and Qwen Code which was made of it, send to their hooks, as far as we read it. Unknown fields are fine. */
const name = z.string().check(z.minLength(1));

/** Messages come out of `JSON.parse`: what lies inside an object is JSON already. */
const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

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

/** Throws `UnreadableMessage` that names the first field that is missing or odd. */
export function parse<T>(schema: z.ZodMiniType<T>, message: unknown): T {
  const result = z.safeParse(schema, message);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') ?? '';
  throw new UnreadableMessage(
    field === '' ? 'The message is not a JSON object' : `The message's "${field}" is missing or not what the client sends`,
  );
}

/** The event's name in a message that may be anything. */
export function eventNameOf(message: unknown): string | undefined {
  const result = z.safeParse(z.object({ hook_event_name: name }), message);
  return result.success ? result.data.hook_event_name : undefined;
}
