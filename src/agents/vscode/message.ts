import * as z from 'zod/mini';
import { jsonObject, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('VS Code');

/** What VS Code's own chat agent sends to hooks. Source: the Copilot extension 0.67.0, which VS Code 1.139 brings along. */
const base = z.object({
  session_id: name,
  hook_event_name: name,
  cwd: name,
  transcript_path: z.optional(z.string()),
});
export type Base = z.infer<typeof base>;

const call = z.object({ tool_name: name, tool_input: jsonObject, tool_use_id: name });

export const schemas = {
  call,
  prompt: z.object({ prompt: z.string() }),
  sessionStart: z.object({ source: z.optional(z.string()) }),
  subagent: z.object({ agent_id: name, agent_type: z.optional(z.string()) }),
};

/** What every message carries. Throws `UnreadableMessage`. */
export function readBase(message: unknown): Base {
  return parse(base, message);
}

const traits = z.object({
  hook_event_name: name,
  timestamp: z.string(),
  tool_use_id: z.optional(name),
  transcript_path: z.optional(name),
  permission_mode: z.optional(z.undefined()),
  stop_reason: z.optional(z.undefined()),
});

/**
 * By its shape: Copilot CLI tells the time, but names no call and, but for the end of a turn, no transcript; Claude Code names both, but
 * tells no time.
 */
export function isOurs(message: unknown): boolean {
  const result = z.safeParse(traits, message);
  return result.success && (result.data.tool_use_id !== undefined || result.data.transcript_path !== undefined);
}
