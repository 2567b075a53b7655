import * as z from 'zod/mini';
import { commandReply, oneLine, type Agent, type Answer, type HookEvent, type Origin, type Reply } from '../agent.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall, Touched } from '../../engine/tool-call.ts';
import { jsonObject, name, parserFor } from '../parse-message.ts';

const parse = parserFor('Windsurf');

/**
 * Windsurf's Cascade. Source: its documentation alone; nothing of it was tried. Only exit code 2 of a `pre_` hook refuses; what is printed
 * changes nothing.
 */
export const windsurf: Agent = { name: 'windsurf', read, reply, refuseUnread };

const text = z.optional(z.string());
const base = z.object({ agent_action_name: name, trajectory_id: name, execution_id: text, tool_info: jsonObject });

const calls = {
  pre_run_command: z.object({ command_line: name, cwd: text }),
  pre_read_code: z.object({ file_path: name }),
  pre_write_code: z.object({ file_path: name, edits: z.optional(z.array(z.looseObject({ new_string: text }))) }),
  pre_mcp_tool_use: z.object({ mcp_server_name: z.string(), mcp_tool_name: name, mcp_tool_arguments: z.optional(jsonObject) }),
};
const prompt = z.object({ user_prompt: z.string() });
const folder = z.object({ cwd: text, workspace: text, file_path: text });

function read(message: unknown): HookEvent {
  const { agent_action_name: event, trajectory_id, tool_info } = parse(base, message);
  const origin: Origin = {
    agent: { vendor: 'windsurf', name: 'windsurf' },
    session: { id: trajectory_id },
    cwd: folderOf(parse(folder, tool_info)),
    event,
  };
  if (event === 'pre_user_prompt') return { kind: 'prompt', origin, promptId: '', text: parse(prompt, tool_info).user_prompt };
  if (!event.startsWith('pre_')) return { kind: 'other', origin };
  return { kind: 'tool-call', origin, call: callOf(origin, tool_info) };
}

/** No message says where the workspace is: a command says where it runs, and a file where it lies. */
function folderOf({ cwd, workspace, file_path }: z.infer<typeof folder>): string {
  return workspace || cwd || file_path?.replace(/[\\/][^\\/]*$/, '') || '/';
}

function callOf(origin: Origin, input: JsonObject): ToolCall {
  const { agent, session, cwd, event } = origin;
  // The client gives a call no id.
  return { id: '', agent, session, cwd, nativeTool: event, arguments: input, ...describe(event, input) };
}

type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'paths' | 'domains' | 'content'>;

function describe(event: string, input: JsonObject): Description {
  const none = { paths: touched([], []), domains: [] };
  switch (event) {
    case 'pre_run_command':
      return { ...none, tool: 'shell', command: parse(calls.pre_run_command, input).command_line };
    case 'pre_read_code':
      return { ...none, tool: 'read', paths: touched([parse(calls.pre_read_code, input).file_path], []) };
    case 'pre_write_code': {
      const { file_path, edits = [] } = parse(calls.pre_write_code, input);
      return { ...none, tool: 'edit', paths: touched([], [file_path]), content: edits.map(({ new_string = '' }) => new_string).join('\n') };
    }
    case 'pre_mcp_tool_use': {
      const { mcp_server_name, mcp_tool_name, mcp_tool_arguments = {} } = parse(calls.pre_mcp_tool_use, input);
      return { tool: mcp_tool_name, mcpServer: mcp_server_name, ...namedByArguments(mcp_tool_arguments) };
    }
    default:
      return { tool: 'other', ...namedByArguments(input) };
  }
}

function touched(seen: readonly string[], changed: readonly string[]): Touched {
  return { read: seen, write: changed };
}

function reply(answer: Answer, to: HookEvent): Reply {
  const refuses = answer.kind === 'refuse' && to.origin.event.startsWith('pre_');
  return refuses ? refusal(answer.reason) : commandReply({ stdout: '', stderr: '', exitCode: 0 }, false);
}

function refuseUnread(_: unknown, reason: string): Reply {
  return refusal(reason);
}

function refusal(reason: string): Reply {
  return commandReply({ stdout: '', stderr: `${oneLine(reason)}\n`, exitCode: 2 }, true);
}
