import * as z from 'zod/mini';
import type { Recorded, RecordPlace, RecordReader } from '../agent.ts';
import { name } from '../parse-message.ts';
import { isAnything, lineAs, ranCall } from '../recorded-line.ts';
import { describeTool } from './tools.ts';

/**
 * Codex's rollouts, as recorded from 0.171.0: `item_completed` is told of a command, a patch and a call of an MCP server only once they
 * have run. Other tools leave nothing of the kind, and what is typed into a command is not one of its own.
 */
export const codexRecord: RecordReader = {
  marks: ['"item_completed"'],
  read,
  // A patch is written down as what became of it, and a command as it was started.
  isSame: isAnything,
  alsoByArguments: true,
};

const ended = z.enum(['completed', 'failed']);
const line = z.object({
  type: z.literal('event_msg'),
  payload: z.object({
    type: z.literal('item_completed'),
    started_at_ms: z.number(),
    completed_at_ms: z.number(),
    item: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('CommandExecution'),
        id: name,
        command: z.array(z.string()),
        cwd: z.optional(z.string()),
        // Not what a person typed after "!".
        source: z.enum(['agent', 'unified_exec_startup']),
        status: ended,
      }),
      z.object({ type: z.literal('FileChange'), id: name, changes: z.record(z.string(), z.unknown()), status: ended }),
    ]),
  }),
});
type Item = z.infer<typeof line>['payload']['item'];

const head = z.object({
  type: z.literal('session_meta'),
  payload: z.object({ id: name, session_id: z.optional(name), cwd: z._default(z.string(), '') }),
});

function read(text: string, file: RecordPlace): readonly Recorded[] {
  const found = lineAs(line, text);
  const meta = found === undefined ? undefined : lineAs(head, file.head)?.payload;
  if (found === undefined || meta === undefined) return [];
  const { item, started_at_ms: madeAt, completed_at_ms: at } = found.payload;
  const { nativeTool, arguments: input, cwd = meta.cwd } = callOf(item);
  // Versions that name no session here name the thread, which is the session unless it is a subagent's.
  const about = { id: item.id, agent: { vendor: 'openai', name: 'codex' }, session: { id: meta.session_id ?? meta.id }, cwd };
  return ranCall({ ...about, nativeTool, arguments: input }, () => describeTool(nativeTool, input), madeAt, at);
}

function callOf(item: Item) {
  if (item.type === 'FileChange') return { nativeTool: 'apply_patch', arguments: { command: patchLike(Object.keys(item.changes)) } };
  const cwd = item.cwd?.startsWith('file://') === true ? decodeURIComponent(item.cwd.slice('file://'.length)) : undefined;
  return { nativeTool: 'Bash', arguments: { command: lineOf(item.command) }, ...(cwd === undefined ? {} : { cwd }) };
}

/** Codex has a shell run what the model wrote: `bash -lc "…"`. */
function lineOf(command: readonly string[]): string {
  const [, option = '', script] = command;
  return command.length === 3 && script !== undefined && /^-l?c$/.test(option) ? script : command.join(' ');
}

/** Only which files it was about is told, and it is enough to say so. */
function patchLike(paths: readonly string[]): string {
  return ['*** Begin Patch', ...paths.map((path) => `*** Update File: ${path}`), '*** End Patch'].join('\n');
}
