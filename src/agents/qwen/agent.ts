import type { Agent, HookEvent, Origin } from '../agent.ts';
import { UnreadableMessage } from '../agent.ts';
import type { Outcome, ToolCall } from '../../engine/tool-call.ts';
import { type Base, parse, readBase, schemas } from '../gemini/message.ts';
import { qwenRecord } from './record.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeTool } from './tools.ts';

/** Qwen Code 0.24.4: its command hooks, as recorded. Without `describe`: it takes no other arguments than the model's. */
export const qwen: Agent = {
  name: 'qwen-code',
  // It runs the call after 60 s, whatever its settings say.
  waits: 50_000,
  records: qwenRecord,
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

type Call = { readonly tool_name: string; readonly tool_input: ToolCall['arguments'] };

/** Events that are not here ask for no decision and change nothing we keep. */
const readers: Readonly<Record<string, (message: unknown, origin: Origin) => HookEvent>> = {
  PreToolUse: (message, origin) => {
    const body = parse(schemas.qwenCall, message);
    return { kind: 'tool-call', origin, call: callOf(body, origin, body.tool_use_id) };
  },
  PostToolUse: (message, origin) => {
    const body = parse(schemas.qwenResult, message);
    const content = body.tool_response?.llmContent;
    const call = callOf(body, origin, body.tool_use_id);
    return { kind: 'tool-result', origin, call, outcome: outcomeOf('ran', body), ...(content === undefined ? {} : { output: content }) };
  },
  PostToolUseFailure: (message, origin) => {
    const body = parse(schemas.qwenResult, message);
    return { kind: 'tool-result', origin, call: callOf(body, origin, body.tool_use_id), outcome: outcomeOf('failed', body) };
  },
  PermissionRequest: (message, origin) => ({
    kind: 'permission-request',
    origin,
    call: callOf(parse(schemas.qwenTool, message), origin, ''),
  }),
  UserPromptSubmit: (message, origin) => {
    const { prompt, prompt_id: promptId = '' } = parse(schemas.prompt, message);
    // It comes again before each request that carries results, with nothing in it.
    return prompt === '' ? { kind: 'model-request', origin } : { kind: 'prompt', origin, promptId, text: prompt };
  },
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  SessionEnd: (message, origin) => ({ kind: 'session-end', origin, reason: parse(schemas.sessionEnd, message).reason ?? '' }),
  Stop: (_, origin) => ({ kind: 'turn-end', origin }),
  SubagentStart: (_, origin) => ({ kind: 'subagent-start', origin: subagentOf(origin) }),
  SubagentStop: (_, origin) => ({ kind: 'subagent-end', origin: subagentOf(origin) }),
};

/** An event about a subagent has to name it. */
function subagentOf(origin: Origin): Origin {
  if (origin.subagent === undefined) throw new UnreadableMessage(`${origin.event} without "agent_id"`);
  return origin;
}

function originOf(base: Base): Origin {
  const { agent_id: subagent, agent_type: type, permission_mode: mode, transcript_path: transcript } = base;
  return {
    agent: { vendor: 'alibaba', name: 'qwen-code' },
    session: { id: base.session_id, ...(mode === undefined ? {} : { mode }), ...(transcript === undefined ? {} : { transcript }) },
    ...(subagent === undefined ? {} : { subagent: { id: subagent, ...(type === undefined ? {} : { type }) } }),
    cwd: base.cwd,
    event: base.hook_event_name,
  };
}

function callOf({ tool_name: nativeTool, tool_input }: Call, origin: Origin, id: string): ToolCall {
  const { agent, session, subagent, cwd } = origin;
  const about = { agent, session, ...(subagent === undefined ? {} : { subagent }), cwd };
  return { id, ...about, nativeTool, arguments: tool_input, ...describeTool(nativeTool, tool_input, cwd) };
}

function outcomeOf(
  status: Outcome['status'],
  { duration_ms: durationMs, error }: { readonly duration_ms?: number | undefined; readonly error?: string | undefined },
): Outcome {
  return { status, ...(durationMs === undefined ? {} : { durationMs }), ...(error === undefined ? {} : { error }) };
}
