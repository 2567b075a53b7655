import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';
import { argumentsOf } from './tools.ts';

/**
 * The hooks that a session, or a subagent, waits for, each with the arguments of the calls that it was asked about, as the whole lines of its record tell: what stands before them is written down,
 * too, the response included that asked for the calls. Source: records of 1.0.102. `text` may begin in the middle of a line.
 */
export function openHooks(text: string, asker: string): readonly (readonly JsonObject[])[] {
  const open = new Map<string, readonly JsonObject[]>();
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const hook = line.includes('"type":"hook.') ? hookIn(line) : undefined;
    if (hook?.type === 'hook.end') open.delete(hook.data.hookInvocationId);
    if (hook?.type !== 'hook.start' || hook.data.input.sessionId !== asker) continue;
    const calls = hook.data.input.toolCalls.map((call) => argumentsOf(call.args));
    open.set(hook.data.hookInvocationId, calls);
  }
  return [...open.values()];
}

const args = z.union([z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)), z.string()]);
const hookSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hook.start'),
    data: z.object({
      hookInvocationId: z.string(),
      hookType: z.literal('preToolUse'),
      input: z.object({ sessionId: z.string(), toolCalls: z.array(z.object({ args })) }),
    }),
  }),
  z.object({ type: z.literal('hook.end'), data: z.object({ hookInvocationId: z.string() }) }),
]);

function hookIn(line: string): z.infer<typeof hookSchema> | undefined {
  try {
    return z.safeParse(hookSchema, JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
