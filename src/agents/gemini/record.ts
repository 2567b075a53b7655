import * as z from 'zod/mini';
import type { Recorded, RecordPlace, RecordReader } from '../agent.ts';
import { jsonObject, name } from '../parse-message.ts';
import { isAnything, lineAs, ranCall } from '../recorded-line.ts';
import { describeTool } from './tools.ts';

/**
 * Gemini CLI's chats, as recorded from 0.61.0. A call is written down when it is over, and each later version of its message says so once
 * more. `error` is also what becomes of a call that was refused, so only a `success` is told: a command that fails is one.
 */
export const geminiRecord: RecordReader = { marks: ['"toolCalls"'], read, isSame: isAnything, alsoByArguments: true };

const line = z.object({ type: z.literal('gemini'), timestamp: name, toolCalls: z.array(z.unknown()) });
const call = z.object({ id: name, name, args: jsonObject, status: z.literal('success'), timestamp: name });
const head = z.object({ sessionId: name });

function read(text: string, file: RecordPlace): readonly Recorded[] {
  const found = lineAs(line, text);
  const session = found === undefined ? undefined : lineAs(head, file.head)?.sessionId;
  if (found === undefined || session === undefined) return [];
  return found.toolCalls.flatMap((one) => {
    const made = z.safeParse(call, one);
    if (!made.success) return [];
    const { id, name: nativeTool, args, timestamp } = made.data;
    const about = { id: `${session}/${id}`, agent: { vendor: 'google', name: 'gemini-cli' }, session: { id: session }, cwd: '' };
    const describe = () => describeTool(nativeTool, args, '');
    return ranCall({ ...about, nativeTool, arguments: args }, describe, Date.parse(found.timestamp), Date.parse(timestamp));
  });
}
