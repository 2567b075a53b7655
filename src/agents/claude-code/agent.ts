import type { Agent, Expansion, HookEvent, Origin, PromptFile } from '../agent.ts';
import { UnreadableMessage } from '../agent.ts';
import type { JsonValue } from '../../engine/json.ts';
import type { Outcome, ToolCall } from '../../engine/tool-call.ts';
import { expansionOf, inlineCalls } from './inline-calls.ts';
import { parse, readBase, schemas, type Base, type ToolMessage } from './message.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeRecorded, describeTool } from './tools.ts';
import { transcript } from './transcript.ts';

/** Claude Code 2.1.295 or later. Source: its hooks, as recorded from 2.1.328 and 2.1.329. */
export const claudeCode: Agent = {
  name: 'claude-code',
  records: transcript,
  describe: describeRecorded,
  inlineCalls: inlineCallsOf,
  read,
  reply,
  refuseUnread,
};

function inlineCallsOf(file: PromptFile, expansion: Expansion, origin: Origin): readonly ToolCall[] {
  return inlineCalls(file, expansion, origin.session.id).map((call) => ({
    ...about(origin),
    ...call,
    ...describeTool(call.nativeTool, call.arguments, origin),
  }));
}

function read(message: unknown): HookEvent {
  const base = readBase(message);
  const origin = originOf(base);
  const name = base.hook_event_name;
  // Not `readers[name]` alone: every object has a "constructor".
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  return (reader ?? other)(message, origin);
}

type Reader = (message: unknown, origin: Origin) => HookEvent;

const other: Reader = (_, origin) => ({ kind: 'other', origin });

/** Events that are not here are told to nobody: they ask for no decision and change nothing we keep. */
const readers: Readonly<Record<string, Reader>> = {
  PreToolUse: (message, origin) => {
    const body = parse(schemas.toolCall, message);
    const expansion = expansionOf(body.tool_name, body.tool_use_id, body.tool_input);
    const call = callOf(body, origin, body.tool_use_id);
    return { kind: 'tool-call', origin, call, ...(expansion === undefined ? {} : { expansion }) };
  },
  PostToolUse: (message, origin) => {
    const body = parse(schemas.toolResult, message);
    const call = callOf(body, origin, body.tool_use_id);
    const output = body.tool_response === undefined ? {} : { output: body.tool_response };
    return { kind: 'tool-result', origin, call, outcome: outcomeOf('ran', body), ...output, ...withoutAnswers(body) };
  },
  PostToolUseFailure: (message, origin) => {
    const body = parse(schemas.toolResult, message);
    return { kind: 'tool-result', origin, call: callOf(body, origin, body.tool_use_id), outcome: outcomeOf('failed', body) };
  },
  PostToolBatch: (message, origin) => {
    const { tool_calls } = parse(schemas.batch, message);
    const results = tool_calls.map(({ tool_use_id, tool_response }) => ({ callId: tool_use_id, text: textOf(tool_response) }));
    return { kind: 'calls-end', origin, results };
  },
  PermissionRequest: (message, origin) => {
    const body = parse(schemas.tool, message);
    // The client sends no id here: the governor finds the call by its tool and arguments.
    return { kind: 'permission-request', origin, call: callOf(body, origin, '') };
  },
  UserPromptSubmit: (message, origin) => {
    const body = parse(schemas.prompt, message);
    return { kind: 'prompt', origin, promptId: body.prompt_id ?? '', text: body.prompt };
  },
  UserPromptExpansion: (message, origin) => {
    const body = parse(schemas.expansion, message);
    const promptId = body.prompt_id ?? '';
    const expansion = { id: promptId, name: body.command_name, arguments: body.command_args ?? '' };
    return { kind: 'prompt', origin, promptId, text: body.prompt ?? '', expansion };
  },
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  SessionEnd: (message, origin) => ({ kind: 'session-end', origin, reason: parse(schemas.sessionEnd, message).reason ?? '' }),
  Stop: (_, origin) => ({ kind: 'turn-end', origin }),
  StopFailure: (_, origin) => ({ kind: 'turn-end', origin }),
  SubagentStart: (_, origin) => ({ kind: 'subagent-start', origin: subagentOf(origin) }),
  SubagentStop: (_, origin) => ({ kind: 'subagent-end', origin: subagentOf(origin) }),
  ConfigChange: (message, origin) => {
    const body = parse(schemas.configChange, message);
    return { kind: 'config-change', origin, source: body.source, file: body.file_path ?? '' };
  },
};

function textOf(response: JsonValue | undefined): string {
  return typeof response === 'string' ? response : JSON.stringify(response ?? '');
}

/** An event about a subagent has to name it. */
function subagentOf(origin: Origin): Origin {
  if (origin.subagent === undefined) throw new UnreadableMessage(`${origin.event} without "agent_id"`);
  return origin;
}

function originOf(base: Base): Origin {
  const type = base.agent_type === undefined ? {} : { type: base.agent_type };
  return {
    agent: { vendor: 'anthropic', name: 'claude-code', ...type },
    session: {
      id: base.session_id,
      ...(base.permission_mode === undefined ? {} : { mode: base.permission_mode }),
      ...(base.transcript_path === undefined ? {} : { transcript: base.transcript_path }),
    },
    ...(base.agent_id === undefined ? {} : { subagent: { id: base.agent_id, ...type } }),
    cwd: base.cwd,
    event: base.hook_event_name,
  };
}

function callOf(body: ToolMessage, origin: Origin, id: string): ToolCall {
  return {
    id,
    ...about(origin),
    nativeTool: body.tool_name,
    arguments: body.tool_input,
    ...describeTool(body.tool_name, body.tool_input, {
      cwd: origin.cwd,
      ...(body.mcp_server === undefined ? {} : { mcpServer: body.mcp_server.name }),
    }),
  };
}

function about({ agent, session, subagent, cwd }: Origin): Pick<ToolCall, 'agent' | 'session' | 'subagent' | 'cwd'> {
  return { agent, session, ...(subagent === undefined ? {} : { subagent }), cwd };
}

/** The client adds what the person answered: the question that was decided on is the same. */
function withoutAnswers({ tool_name, tool_input }: ToolMessage) {
  if (tool_name !== 'AskUserQuestion') return {};
  const { answers: _, annotations: __, ...decided } = tool_input;
  return { decided };
}

function outcomeOf(
  status: Outcome['status'],
  body: { readonly duration_ms?: number | undefined; readonly error?: string | undefined },
): Outcome {
  return {
    status,
    ...(body.duration_ms === undefined ? {} : { durationMs: body.duration_ms }),
    ...(body.error === undefined ? {} : { error: body.error }),
  };
}
