import * as z from 'zod/mini';
import { commandReply, oneLine, UnreadableMessage, type Agent, type Answer, type HookEvent, type Origin, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';
import { name, parserFor } from '../parse-message.ts';

const parse = parserFor('Kiro');

/**
 * Kiro, editor 1.x and command line 3. Source: its documentation alone; nothing of it was tried. Only exit code 2 refuses; what is printed
 * changes nothing.
 */
export const kiro: Agent = { name: 'kiro', waits: 590_000, read, reply, refuseUnread };

const base = z.object({ hook_event_name: name, cwd: name, session_id: z.optional(z.string()) });
const tool = z.object({
  tool_name: name,
  tool_input: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});
const prompt = z.object({ prompt: z.optional(z.string()) });

/** The editor writes the events' names in one way, the command line in another. */
const events: Readonly<Record<string, 'call' | 'result' | 'prompt' | 'start' | 'stop'>> = {
  pretooluse: 'call',
  posttooluse: 'result',
  userpromptsubmit: 'prompt',
  promptsubmit: 'prompt',
  agentspawn: 'start',
  sessionstart: 'start',
  stop: 'stop',
  agentstop: 'stop',
};

function kindOf(event: string) {
  const plain = event.toLowerCase();
  return Object.hasOwn(events, plain) ? events[plain] : undefined;
}

function read(message: unknown): HookEvent {
  const { hook_event_name: event, cwd, session_id } = parse(base, message);
  // Older versions name no session: all that happens in a folder is one then.
  const origin: Origin = { agent: { vendor: 'amazon', name: 'kiro' }, session: { id: session_id || `kiro:${cwd}` }, cwd, event };
  switch (kindOf(event)) {
    case 'call':
      return { kind: 'tool-call', origin, call: callOf(origin, message) };
    case 'result':
      return { kind: 'tool-result', origin, call: callOf(origin, message), outcome: { status: 'ran' } };
    case 'prompt':
      return { kind: 'prompt', origin, promptId: '', text: parse(prompt, message).prompt ?? '' };
    case 'start':
      return { kind: 'session-start', origin, source: 'startup' };
    case 'stop':
      return { kind: 'turn-end', origin };
    default:
      return { kind: 'other', origin };
  }
}

function callOf({ agent, session, cwd }: Origin, message: unknown): ToolCall {
  const { tool_name, tool_input } = parse(tool, message);
  return { id: '', agent, session, cwd, nativeTool: tool_name, arguments: tool_input, ...describe(tool_name, tool_input) };
}

type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'paths' | 'domains' | 'content'>;
type Canonical = (typeof canonicalTools)[number];

/** What the documentation calls them, and what older versions did. */
const shells = new Set(['execute_bash', 'shell', 'execute_cmd']);
const readers: Readonly<Record<string, Canonical>> = { fs_read: 'read', read: 'read', grep: 'grep', glob: 'glob' };
const writers: Readonly<Record<string, Canonical>> = { fs_write: 'write', write: 'write', str_replace: 'edit' };
const others: Readonly<Record<string, Canonical>> = {
  web_fetch: 'fetch',
  web_search: 'web_search',
  use_subagent: 'agent',
  subagent: 'agent',
};

function describe(nativeTool: string, input: JsonObject): Description {
  const mcp = /^@([^/]+)\/(.+)$/s.exec(nativeTool);
  const named = namedByArguments(input);
  if (mcp !== null) return { tool: mcp[2] ?? '', mcpServer: mcp[1] ?? '', ...named };
  if (shells.has(nativeTool)) return { tool: 'shell', command: textOf(nativeTool, input, 'command'), paths: touched([], []), domains: [] };
  if (Object.hasOwn(readers, nativeTool))
    return { tool: readers[nativeTool] ?? 'other', paths: touched(pathsOf(nativeTool, named.paths), []), domains: [] };
  if (Object.hasOwn(writers, nativeTool)) {
    const content = [input['content'], input['file_text'], input['new_str']].filter((one) => typeof one === 'string').join('\n');
    return { tool: writers[nativeTool] ?? 'other', paths: touched([], pathsOf(nativeTool, named.paths)), domains: [], content };
  }
  return { tool: (Object.hasOwn(others, nativeTool) ? others[nativeTool] : undefined) ?? 'other', ...named };
}

function textOf(nativeTool: string, input: JsonObject, key: string): string {
  const value = input[key];
  if (typeof value !== 'string') throw new UnreadableMessage(`${nativeTool} without a readable "${key}"`);
  return value;
}

function pathsOf(nativeTool: string, { read: found }: Touched): readonly string[] {
  if (found.length === 0 && nativeTool !== 'grep' && nativeTool !== 'glob')
    throw new UnreadableMessage(`${nativeTool} without a readable path`);
  return found;
}

function touched(seen: readonly string[], changed: readonly string[]): Touched {
  return { read: seen, write: changed };
}

function reply(answer: Answer, to: HookEvent): Reply {
  const kind = kindOf(to.origin.event);
  const refuses = answer.kind === 'refuse' && (kind === 'call' || kind === 'prompt');
  return refuses ? refusal(answer.reason) : commandReply({ stdout: '', stderr: '', exitCode: 0 }, false);
}

function refuseUnread(_: unknown, reason: string): Reply {
  return refusal(reason);
}

function refusal(reason: string): Reply {
  return commandReply({ stdout: '', stderr: `${oneLine(reason)}\n`, exitCode: 2 }, true);
}
