import * as z from 'zod/mini';
import type { Recorded, RecordReader } from '../agent.ts';
import { jsonObject, name } from '../parse-message.ts';
import { describedSafely, isAnything, isDeed, lineAs } from '../recorded-line.ts';
import { describeTool } from './tools.ts';

/**
 * Qwen Code's chats, as recorded from 0.24.4: the model's calls, and of each whether it was started (`executionStatus`). Its hooks give
 * calls another name.
 */
export const qwenRecord: RecordReader = {
  marks: ['"functionCall"', '"toolCallResult"'],
  read,
  isSame: isAnything,
  alsoByArguments: true,
};

const base = { sessionId: name, timestamp: name, cwd: z._default(z.string(), '') };
const line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('assistant'), ...base, message: z.object({ parts: z.array(z.unknown()) }) }),
  z.object({
    type: z.literal('tool_result'),
    ...base,
    toolCallResult: z.object({ callId: name, executionStatus: z.optional(z.string()) }),
  }),
]);
type Line = z.infer<typeof line>;
const call = z.object({ functionCall: z.object({ id: name, name, args: jsonObject }) });

function read(text: string): readonly Recorded[] {
  const found = lineAs(line, text);
  const at = found === undefined ? NaN : Date.parse(found.timestamp);
  if (found === undefined || Number.isNaN(at)) return [];
  if (found.type === 'assistant') return found.message.parts.flatMap((part) => callIn(part, found, at));
  const { callId, executionStatus } = found.toolCallResult;
  // An error before anything was started is `not_started`; versions that do not say tell nothing.
  const ran = executionStatus === 'success' || executionStatus === 'error';
  return [{ kind: 'result', session: found.sessionId, callId: `${found.sessionId}/${callId}`, ran, at }];
}

function callIn(part: unknown, { sessionId, cwd }: Line, at: number): readonly Recorded[] {
  const found = z.safeParse(call, part);
  if (!found.success) return [];
  const { id, name: nativeTool, args } = found.data.functionCall;
  const about = { id: `${sessionId}/${id}`, agent: { vendor: 'alibaba', name: 'qwen-code' }, session: { id: sessionId }, cwd };
  const description = describedSafely(() => describeTool(nativeTool, args, cwd));
  return isDeed(description) ? [{ kind: 'call', call: { ...about, nativeTool, arguments: args, ...description }, at }] : [];
}
