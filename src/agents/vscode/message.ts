import * as z from 'zod/mini';
import { UnreadableMessage } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';

/** What VS Code's own chat agent sends to hooks. Source: the Copilot extension 0.67.0, which VS Code 1.139 brings along. */
const name = z.string().check(z.minLength(1));
const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

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

/** Throws `UnreadableMessage` that names the first field that is missing or odd. */
export function parse<T>(schema: z.ZodMiniType<T>, message: unknown): T {
  const result = z.safeParse(schema, message);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') ?? '';
  throw new UnreadableMessage(
    field === '' ? 'The message is not a JSON object' : `The message's "${field}" is missing or not what VS Code sends`,
  );
}

/** The event's name in a message that may be anything. */
export function eventNameOf(message: unknown): string | undefined {
  const result = z.safeParse(z.object({ hook_event_name: name }), message);
  return result.success ? result.data.hook_event_name : undefined;
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
