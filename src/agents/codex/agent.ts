import { UnreadableMessage, type Agent, type HookEvent, type Origin } from '../agent.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { parse, schemas, type Base, type ToolMessage } from './message.ts';
import { codexRecord } from './record.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeRecorded, describeTool } from './tools.ts';

/** Its hooks may take an hour; we do not use the last minute of it. */
const waits = 3_540_000;

/** Codex 0.169 or later. Source: its hooks, as recorded from 0.169.0, and tried with 0.171.0. */
export const codex: Agent = { name: 'codex', waits, describe: describeRecorded, records: codexRecord, read, reply, refuseUnread };

function read(message: unknown): HookEvent {
  const base = parse(schemas.base, message);
  const origin = originOf(base);
  const name = base.hook_event_name;
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  return reader?.(message, origin) ?? { kind: 'other', origin };
}

type Reader = (message: unknown, origin: Origin) => HookEvent;

const readers: Readonly<Record<string, Reader>> = {
  PreToolUse: (message, origin) => {
    const body = parse(schemas.toolCall, message);
    return { kind: 'tool-call', origin, call: callOf(body, origin, body.tool_use_id) };
  },
  PostToolUse: (message, origin) => {
    const body = parse(schemas.toolResult, message);
    const output = body.tool_response === undefined ? {} : { output: body.tool_response };
    return { kind: 'tool-result', origin, call: callOf(body, origin, body.tool_use_id), outcome: { status: 'ran' }, ...output };
  },
  PermissionRequest: (message, origin) => ({
    kind: 'permission-request',
    origin,
    call: callOf(parse(schemas.tool, message), origin, ''),
  }),
  UserPromptSubmit: (message, origin) => {
    const { prompt, turn_id: promptId = '' } = parse(schemas.prompt, message);
    return { kind: 'prompt', origin, promptId, text: prompt };
  },
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  SessionEnd: (message, origin) => ({ kind: 'session-end', origin, reason: parse(schemas.sessionEnd, message).reason ?? '' }),
  Stop: (_, origin) => ({ kind: 'turn-end', origin }),
  SubagentStart: (_, origin) => ({ kind: 'subagent-start', origin: ofSubagent(origin) }),
  SubagentStop: (_, origin) => ({ kind: 'subagent-end', origin: ofSubagent(origin) }),
};

/** An event about a subagent has to name it. */
function ofSubagent(origin: Origin): Origin {
  if (origin.subagent === undefined) throw new UnreadableMessage(`${origin.event} without "agent_id"`);
  return origin;
}

/** Inside a subagent, `session_id` is still that of the session which began it. */
function originOf(base: Base): Origin {
  const type = base.agent_type === undefined || base.agent_type === null ? {} : { type: base.agent_type };
  return {
    agent: { vendor: 'openai', name: 'codex', ...type },
    session: {
      id: base.session_id,
      ...(base.permission_mode ? { mode: base.permission_mode } : {}),
      ...(base.transcript_path ? { transcript: base.transcript_path } : {}),
    },
    ...(base.agent_id === undefined ? {} : { subagent: { id: base.agent_id, ...type } }),
    cwd: base.cwd,
    event: base.hook_event_name,
  };
}

function callOf(body: ToolMessage, origin: Origin, id: string): ToolCall {
  const { agent, session, subagent, cwd } = origin;
  return {
    id,
    agent,
    session,
    ...(subagent === undefined ? {} : { subagent }),
    cwd,
    nativeTool: body.tool_name,
    arguments: body.tool_input,
    ...describeTool(body.tool_name, body.tool_input),
  };
}
