import type { Agent, HookEvent, Origin } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { parse, readBase, schemas, type Base } from './message.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeMcp, describeTool } from './tools.ts';

/**
 * Cursor, editor and command line. Source: the code of its SDK 1.0.32 and its documentation; no message was recorded, because nothing of it
 * runs without an account. So arguments are never rewritten (no `describe`): what needs that is refused.
 */
export const cursor: Agent = { name: 'cursor', waits: 590_000, read, reply, refuseUnread };

function read(message: unknown): HookEvent {
  const origin = originOf(readBase(message));
  switch (origin.event) {
    case 'preToolUse':
      return { kind: 'tool-call', origin, call: toolCall(origin, parse(schemas.tool, message)) };
    case 'beforeMCPExecution': {
      const { tool_name, tool_input, mcp_server_name, server, tool_use_id } = parse(schemas.mcp, message);
      const named = { name: tool_name, server: mcp_server_name ?? server ?? '' };
      return {
        kind: 'tool-call',
        origin,
        call: { ...callOf(origin, tool_use_id, tool_name, tool_input), ...describeMcp(named, tool_input) },
      };
    }
    case 'beforeShellExecution': {
      const { command, cwd = '' } = parse(schemas.shell, message);
      return { kind: 'tool-call', origin, call: toolCall(origin, { tool_name: 'Shell', tool_input: { command, cwd } }) };
    }
    case 'postToolUse':
      return { kind: 'tool-result', origin, call: toolCall(origin, parse(schemas.tool, message)), outcome: { status: 'ran' } };
    case 'beforeSubmitPrompt':
      return { kind: 'prompt', origin, promptId: '', text: parse(schemas.prompt, message).prompt };
    case 'sessionStart':
      return { kind: 'session-start', origin, source: 'startup' };
    case 'sessionEnd':
      return { kind: 'session-end', origin, reason: '' };
    case 'stop':
      return { kind: 'turn-end', origin };
    default:
      return { kind: 'other', origin };
  }
}

function originOf({ conversation_id, workspace_roots, cwd, hook_event_name, cursor_version, parent_tool_call_id }: Base): Origin {
  return {
    agent: { vendor: 'cursor', name: 'cursor', ...(cursor_version === undefined ? {} : { version: cursor_version }) },
    session: { id: conversation_id },
    ...(parent_tool_call_id ? { subagent: { id: parent_tool_call_id } } : {}),
    // Where policies are looked for: the folder that a command runs in is the agent's own choice.
    cwd: workspace_roots?.[0] ?? cwd ?? '',
    event: hook_event_name,
  };
}

function toolCall(origin: Origin, { tool_name, tool_input, tool_use_id }: NativeCall): ToolCall {
  return { ...callOf(origin, tool_use_id, tool_name, tool_input), ...describeTool(tool_name, tool_input, origin.cwd) };
}

interface NativeCall {
  readonly tool_name: string;
  readonly tool_input: JsonObject;
  readonly tool_use_id?: string | undefined;
}

function callOf({ agent, session, subagent, cwd }: Origin, id = '', nativeTool: string, input: JsonObject) {
  return { id, agent, session, ...(subagent === undefined ? {} : { subagent }), cwd, nativeTool, arguments: input };
}
