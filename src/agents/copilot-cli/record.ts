import * as z from 'zod/mini';
import type { Recorded, RecordPlace, RecordReader } from '../agent.ts';
import { name } from '../parse-message.ts';
import { describedSafely, isAnything, isDeed, lineAs } from '../recorded-line.ts';
import { input } from './message.ts';
import { argumentsOf, describeTool } from './tools.ts';

/** Copilot's events, as recorded from 1.0.102. A call that a hook denied ends with the code `denied`; one that failed has another. */
export const copilotRecord: RecordReader = {
  marks: ['"tool.execution_start"', '"tool.execution_complete"'],
  read,
  isSame: isAnything,
  alsoByArguments: true,
};

const line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tool.execution_start'),
    timestamp: name,
    data: z.object({ toolCallId: name, toolName: name, arguments: input }),
  }),
  z.object({ type: z.literal('tool.execution_complete'), timestamp: name, data: z.object({ toolCallId: name, success: z.boolean() }) }),
]);
const head = z.object({
  type: z.literal('session.start'),
  data: z.object({ sessionId: name, context: z._default(z.object({ cwd: z._default(z.string(), '') }), { cwd: '' }) }),
});

function read(text: string, file: RecordPlace): readonly Recorded[] {
  const found = lineAs(line, text);
  const start = found === undefined ? undefined : lineAs(head, file.head)?.data;
  const at = found === undefined ? NaN : Date.parse(found.timestamp);
  if (found === undefined || start === undefined || Number.isNaN(at)) return [];
  const session = start.sessionId;
  const id = `${session}/${found.data.toolCallId}`;
  // One that failed may have been refused by Copilot itself before it began: only what succeeded has surely run.
  if (found.type === 'tool.execution_complete') return [{ kind: 'result', session, callId: id, ran: found.data.success, at }];
  const { toolName: nativeTool } = found.data;
  const given = argumentsOf(found.data.arguments);
  const { cwd } = start.context;
  const about = { id, agent: { vendor: 'github', name: 'copilot-cli' }, session: { id: session }, cwd };
  const description = describedSafely(() => describeTool(nativeTool, given));
  return isDeed(description) ? [{ kind: 'call', call: { ...about, nativeTool, arguments: given, ...description }, at }] : [];
}
