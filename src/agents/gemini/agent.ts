import type { Agent, HookEvent, Origin } from '../agent.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { type Base, parse, readBase, schemas } from './message.ts';
import { geminiRecord } from './record.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeRecorded, describeTool } from './tools.ts';

/** Gemini CLI 0.61.0: its command hooks, as recorded. It names no call and no subagent. */
export const gemini: Agent = {
  name: 'gemini-cli',
  // Its hooks wait for an hour, as installed: see hooks-config.ts.
  waits: 3_590_000,
  describe: describeRecorded,
  records: geminiRecord,
  read,
  reply,
  refuseUnread,
};

function read(message: unknown): HookEvent {
  const base = readBase(message);
  const origin = originOf(base);
  const name = base.hook_event_name;
  // Not `readers[name]` alone: every object has a "constructor".
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  return reader?.(message, origin) ?? { kind: 'other', origin };
}

/** Events that are not here ask for no decision and change nothing we keep. */
const readers: Readonly<Record<string, (message: unknown, origin: Origin) => HookEvent>> = {
  BeforeTool: (message, origin) => ({ kind: 'tool-call', origin, call: callOf(message, origin) }),
  AfterTool: (message, origin) => {
    const { tool_response: response } = parse(schemas.geminiTool, message);
    const error = response?.error === undefined ? undefined : (response.error.message ?? 'It failed.');
    return {
      kind: 'tool-result',
      origin,
      call: callOf(message, origin),
      outcome: error === undefined ? { status: 'ran' } : { status: 'failed', error },
      ...(response?.llmContent === undefined ? {} : { output: response.llmContent }),
    };
  },
  BeforeAgent: (message, origin) => ({ kind: 'prompt', origin, promptId: '', text: parse(schemas.prompt, message).prompt }),
  // The whole conversation comes with it; that it is about to be sent is all we need.
  BeforeModel: (_, origin) => ({ kind: 'model-request', origin }),
  AfterAgent: (_, origin) => ({ kind: 'turn-end', origin }),
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  SessionEnd: (message, origin) => ({ kind: 'session-end', origin, reason: parse(schemas.sessionEnd, message).reason ?? '' }),
};

function callOf(message: unknown, origin: Origin): ToolCall {
  const { tool_name: nativeTool, tool_input, mcp_context: mcp } = parse(schemas.geminiTool, message);
  const { agent, session, cwd } = origin;
  const server = mcp === undefined ? undefined : { server: mcp.server_name, tool: mcp.tool_name };
  // Without an id of its own: the governor gives it one, and finds the call again by its tool and arguments.
  return { id: '', agent, session, cwd, nativeTool, arguments: tool_input, ...describeTool(nativeTool, tool_input, cwd, server) };
}

function originOf({ session_id: id, transcript_path: transcript, cwd, hook_event_name: event }: Base): Origin {
  return {
    agent: { vendor: 'google', name: 'gemini-cli' },
    session: { id, ...(transcript === undefined ? {} : { transcript }) },
    cwd,
    event,
  };
}
