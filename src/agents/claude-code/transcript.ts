import * as z from 'zod/mini';
import type { Origin, Recorded, RecordedCall, RecordedResult, RecordReader } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { expansionOf } from './inline-calls.ts';
import { isSameInput } from './recorded-input.ts';
import { describeTool } from './tools.ts';
import { jsonObject, name } from '../parse-message.ts';

/**
 * Claude Code's transcripts: `projects/<folder>/<session>.jsonl`, and one file for each subagent. Source: recordings of 2.1.329.
 * A message of the assistant says which calls the model made, one of the user what became of them. What a person typed is a text: a
 * slash command that was made a prompt stands in tags, and so does a command that they ran in the shell mode.
 */
export const transcript = {
  marks: ['"tool_use"', '"tool_result"', '"<command-message>', '"<bash-input>'],
  read,
  isSame: isSameInput,
} satisfies RecordReader;

const line = z.object({
  type: z.enum(['assistant', 'user']),
  sessionId: name,
  agentId: z.optional(z.string()),
  cwd: z.optional(z.string()),
  timestamp: name,
  permissionDecision: z.optional(z.object({ decision: z.optional(z.string()) })),
  uuid: z.optional(z.string()),
  promptSource: z.optional(z.string()),
  promptId: z.optional(z.string()),
  message: z.object({ content: z.union([z.string(), z.array(z.unknown())]) }),
});
type Line = z.infer<typeof line>;

const agent = { vendor: 'anthropic', name: 'claude-code' };

const toolUse = z.object({ type: z.literal('tool_use'), id: name, name, input: jsonObject });
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: name,
  is_error: z.optional(z.boolean()),
  content: z.optional(z.unknown()),
});

function read(text: string): readonly Recorded[] {
  const found = z.safeParse(line, parsed(text));
  const at = found.success ? Date.parse(found.data.timestamp) : NaN;
  if (!found.success || Number.isNaN(at)) return [];
  const { data } = found;
  const blocks = data.message.content;
  if (typeof blocks === 'string') return data.type === 'user' ? typedIn(blocks, data, at) : [];
  return data.type === 'assistant'
    ? blocks.flatMap((block) => callIn(block, data, at))
    : blocks.flatMap((block) => resultIn(block, data, at));
}

/** What a prompt that was typed looks like: it says where it came from. Then its text is only text. */
function typedIn(text: string, { sessionId, cwd = '', uuid = '', promptId = '', promptSource }: Line, at: number): readonly Recorded[] {
  if (promptSource !== undefined) return [];
  const origin: Origin = { agent, session: { id: sessionId }, cwd, event: 'transcript' };
  const command = /^<bash-input>([\s\S]*)<\/bash-input>$/.exec(text)?.[1];
  if (command !== undefined) return [{ kind: 'command', origin, id: uuid, command, at }];
  const called = /^<command-message>[\s\S]*<command-name>([^<]+)<\/command-name>/.exec(text)?.[1];
  if (called === undefined) return [];
  const typed = /<command-args>([\s\S]*)<\/command-args>/.exec(text)?.[1] ?? '';
  return [{ kind: 'expansion', origin, expansion: { id: promptId, name: called, arguments: typed }, at }];
}

/** A line that is no JSON is another version's, or damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function callIn(block: unknown, { sessionId, agentId, cwd = '' }: Line, at: number): readonly RecordedCall[] {
  const found = z.safeParse(toolUse, block);
  if (!found.success) return [];
  const { id, name: nativeTool, input } = found.data;
  const expansion = expansionOf(nativeTool, id, input);
  const call = {
    id,
    agent,
    session: { id: sessionId },
    ...(agentId === undefined ? {} : { subagent: { id: agentId } }),
    nativeTool,
    arguments: input,
    cwd,
    ...described(nativeTool, input, cwd),
  };
  return [{ kind: 'call', call, at, ...(expansion === undefined ? {} : { expansion }) }];
}

/** What the model made up, the client's own checks included: an argument may be missing. */
function described(nativeTool: string, input: JsonObject, cwd: string): ReturnType<typeof describeTool> {
  try {
    return describeTool(nativeTool, input, { cwd });
  } catch {
    return { tool: 'other', paths: { read: [], write: [] }, domains: [] };
  }
}

function resultIn(block: unknown, data: Line, at: number): readonly RecordedResult[] {
  const found = z.safeParse(toolResult, block);
  if (!found.success) return [];
  const { tool_use_id: callId, is_error: isError = false, content } = found.data;
  return [{ kind: 'result', session: data.sessionId, callId, ran: hasRun(data.permissionDecision?.decision, isError, content), at }];
}

/**
 * The client says whether it let the call through. It says nothing of calls that it did not get to, such as one of a tool
 * that there is none of, and nothing at all in older versions: then an error is one of ours or its own, but for a command's exit code.
 */
function hasRun(decision: string | undefined, isError: boolean, content: unknown): boolean {
  if (decision !== undefined) return decision === 'accept';
  return !isError || /^Exit code \d/.test(firstText(content));
}

function firstText(content: unknown): string {
  if (typeof content === 'string') return content;
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  const found = z.safeParse(z.object({ text: z.string() }), first);
  return found.success ? found.data.text : '';
}
