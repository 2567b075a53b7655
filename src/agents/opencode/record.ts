import * as z from 'zod/mini';
import { canonicalJson } from '../../engine/audit/canonical.ts';
import type { Recorded, RecordReader } from '../agent.ts';
import { jsonObject, name } from '../parse-message.ts';
import { describedSafely, isDeed, lineAs } from '../recorded-line.ts';
import { describeNamed, isOwnTool } from './tools.ts';

/**
 * opencode's record, as `record-rows.ts` reads it from a database of 1.18.33. It has a call under the name that hooks tell, and with the
 * arguments it ran with, whatever a plugin made of them. `error` is also what becomes of a call that was refused: only a call that is
 * `completed` is told, and a command that fails is one.
 */
export const opencodeRecord: RecordReader = {
  marks: ['"completed"'],
  read,
  // What the log hides is hidden in the call, too.
  isSame: (recorded, decided) => canonicalJson(recorded) === canonicalJson(decided),
};

const row = z.object({
  part: name,
  session: name,
  root: name,
  cwd: z.string(),
  made: z.number(),
  call: name,
  tool: name,
  status: z.literal('completed'),
  input: jsonObject,
  start: z.number(),
  end: z.number(),
  /** The model's provider has run it. */
  isElsewhere: z.literal(0),
  isTyped: z.union([z.literal(0), z.literal(1)]),
});
type Row = z.infer<typeof row>;

function read(text: string): readonly Recorded[] {
  const found = lineAs(row, text);
  // Written down after it was over, it is a copy: of a session that was forked or imported.
  if (found === undefined || found.made > found.end) return [];
  return found.isTyped === 1 ? typed(found) : called(found);
}

function typed({ part: id, root, cwd, input, start: at }: Row): readonly Recorded[] {
  const { command } = input;
  const origin = { agent, session: { id: root }, cwd, event: 'database' };
  return typeof command === 'string' ? [{ kind: 'command', origin, id, command, at }] : [];
}

function called({ session, root, cwd, call, tool: nativeTool, input, start, end }: Row): readonly Recorded[] {
  const description = describedSafely(() => describeNamed({ nativeTool, arguments: input, cwd }));
  // A tool of an MCP server or of a plugin is asked about like every other one.
  if (!isDeed(description) && isOwnTool(nativeTool)) return [];
  const subagent = session === root ? {} : { subagent: { id: session } };
  const id = session === root ? call : `${session}/${call}`;
  const about = { id, agent, session: { id: root }, ...subagent, cwd, nativeTool, arguments: input };
  return [
    { kind: 'call', call: { ...about, ...description }, at: start },
    { kind: 'result', session: root, callId: id, ran: true, at: end },
  ];
}

const agent = { vendor: 'opencode', name: 'opencode' };
