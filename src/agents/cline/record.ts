import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';
import type { Recorded, RecordPlace, RecordReader } from '../agent.ts';
import { jsonValue, name } from '../parse-message.ts';
import { describedSafely, isAnything, isDeed, lineAs, parsedLine } from '../recorded-line.ts';
import { argumentsOf, describeTool } from './tools.ts';

/**
 * Cline's sessions, as recorded from 3.0.65: `<session>/<whose>.messages.json`, those of subagents beside the session's own. A call stands
 * there under the name that hooks tell. Each thing that a tool brings back says whether it was a success; where nothing says so, the call
 * was refused by Cline itself, and nothing was begun.
 */
export const clineRecord: RecordReader = {
  marks: ['"tool_use"', '"tool_result"'],
  read,
  // The model's own words stand there, and hooks are told of some of them in another form.
  isSame: isAnything,
};

/** The messages of such a document, each as the text that `read` takes: with a member a line, one ends only where a line does. */
export function clineMessages(document: string): readonly string[] {
  return [...document.matchAll(/^ {4}(\{\n[^]*?\n {4}\}),?$/gm)].map(([, message = '']) => message);
}

const message = z.object({ ts: z.number(), content: z.array(z.unknown()) });
const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tool_use'), id: name, name, input: jsonValue }),
  z.object({ type: z.literal('tool_result'), tool_use_id: name, content: z.unknown() }),
]);

function read(text: string, { path }: RecordPlace): readonly Recorded[] {
  const found = lineAs(message, text);
  const [, session, whose = ''] = /([^\\/]+)[\\/]([^\\/]+)\.messages\.json$/.exec(path) ?? [];
  if (found === undefined || session === undefined) return [];
  return found.content.flatMap((one): readonly Recorded[] => {
    const { data } = z.safeParse(part, one);
    if (data === undefined) return [];
    if (data.type === 'tool_result')
      return [{ kind: 'result', session, callId: data.tool_use_id, ran: hasRun(data.content), at: found.ts }];
    const subagent = whose === session ? {} : { subagent: { id: whose } };
    const about = { id: data.id, agent: { vendor: 'cline', name: 'cline' }, session: { id: session }, ...subagent, cwd: '' };
    return callIn(about, data.name, argumentsOf(data.input), found.ts);
  });
}

type About = Omit<Extract<Recorded, { kind: 'call' }>['call'], 'nativeTool' | 'arguments' | 'tool' | 'paths' | 'domains'>;

function callIn(about: About, nativeTool: string, input: JsonObject, at: number): readonly Recorded[] {
  const description = describedSafely(() => describeTool(nativeTool, input));
  return isDeed(description) ? [{ kind: 'call', call: { ...about, nativeTool, arguments: input, ...description }, at }] : [];
}

/** A list of such things, or one, as an object or as its text. */
const brought = z.object({ success: z.boolean() });

function hasRun(content: unknown): boolean {
  const found = typeof content === 'string' ? parsedLine(content) : content;
  return [found].flat().some((one) => z.safeParse(brought, one).success);
}
