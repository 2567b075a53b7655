import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';
import { input } from './message.ts';
import { argumentsOf } from './tools.ts';

/**
 * The hooks that a session, or a subagent, waits for, each with the arguments of the calls that it was asked about, as the whole lines
 * of its record tell: what stands before them is written down, too, the response included that asked for the calls. Source: records of
 * 1.0.102. `text` may begin in the middle of a line.
 */
export function openHooks(text: string, asker: string): readonly (readonly JsonObject[])[] {
  const open = new Map<string, readonly JsonObject[]>();
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const hook = line.includes('"type":"hook.') ? hookIn(line) : undefined;
    if (hook?.type === 'hook.end') open.delete(hook.data.hookInvocationId);
    const asked = hook?.type === 'hook.start' && hook.data.hookType === 'preToolUse' ? hook.data.input : undefined;
    if (hook !== undefined && asked?.sessionId === asker)
      open.set(
        hook.data.hookInvocationId,
        asked.toolCalls.map(({ args }) => argumentsOf(args)),
      );
  }
  return [...open.values()];
}

const hookSchema = z.object({
  type: z.string(),
  data: z.object({
    hookInvocationId: z.string(),
    hookType: z.string(),
    input: z.optional(z.object({ sessionId: z.string(), toolCalls: z._default(z.array(z.object({ args: input })), []) })),
  }),
});

function hookIn(line: string): z.infer<typeof hookSchema> | undefined {
  try {
    return z.safeParse(hookSchema, JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
