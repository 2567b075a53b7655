import { type Agent, type HookEvent, type Origin, UnreadableMessage } from '../agent.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { parse, readBase, schemas, type Base, type Input } from './message.ts';
import { copilotRecord } from './record.ts';
import { refuseUnread, reply } from './reply.ts';
import { argumentsOf, describeAsked, describeRecorded, describeTool } from './tools.ts';

/** The client waits as long as the rendered hook says; a minute is left for the answer to be written down and heard. */
export const hookTimeoutSec = 3_600;

/** GitHub Copilot CLI. Source: its hooks with keys in PascalCase, as recorded from 1.0.102, and what that version made of answers. */
export const copilotCli: Agent = {
  name: 'copilot-cli',
  waits: (hookTimeoutSec - 60) * 1000,
  describe: describeRecorded,
  records: copilotRecord,
  read,
  reply,
  refuseUnread,
};

function read(message: unknown, event?: string): HookEvent {
  const base = readBase(message, event);
  const origin = originOf(base);
  const reader = Object.hasOwn(readers, base.event) ? readers[base.event] : undefined;
  return (reader ?? other)(message, origin);
}

type Reader = (message: unknown, origin: Origin) => HookEvent;

const other: Reader = (_, origin) => ({ kind: 'other', origin });

/** Events that are not here are told to nobody. */
const readers: Readonly<Record<string, Reader>> = {
  PreToolUse: (message, origin) => {
    const { tool_name, tool_input } = parse(schemas.call, message);
    return { kind: 'tool-call', origin, call: callOf(origin, tool_name, tool_input) };
  },
  PostToolUse: (message, origin) => {
    const { tool_name, tool_input, tool_result } = parse(schemas.result, message);
    const call = callOf(origin, tool_name, tool_input);
    return { kind: 'tool-result', origin, call, outcome: { status: 'ran' }, ...(tool_result && { output: tool_result }) };
  },
  PostToolUseFailure: (message, origin) => {
    const { tool_name, tool_input, error } = parse(schemas.result, message);
    const call = callOf(origin, tool_name, tool_input);
    return { kind: 'tool-result', origin, call, outcome: { status: 'failed', ...(error === undefined ? {} : { error: textOf(error) }) } };
  },
  PermissionRequest: (message, origin) => {
    const { toolName, toolInput } = parse(schemas.permission, message);
    const input = argumentsOf(toolInput);
    return { kind: 'permission-request', origin, call: { ...about(origin, toolName, input), ...describeAsked(toolName, input) } };
  },
  UserPromptSubmit: (message, origin) => ({ kind: 'prompt', origin, promptId: '', text: parse(schemas.prompt, message).prompt }),
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  SessionEnd: (message, origin) => ({ kind: 'session-end', origin, reason: parse(schemas.sessionEnd, message).reason ?? '' }),
  // A subagent that has nothing more to do says the same as the agent itself.
  Stop: (_, origin) => ({ kind: origin.subagent === undefined ? 'turn-end' : 'subagent-end', origin }),
  SubagentStart: (_, origin) => ({ kind: 'subagent-start', origin: subagentOf(origin) }),
  SubagentStop: (_, origin) => ({ kind: 'subagent-end', origin: subagentOf(origin) }),
};

/** An event about a subagent has to name it. */
function subagentOf(origin: Origin): Origin {
  if (origin.subagent === undefined) throw new UnreadableMessage(`${origin.event} without "agent_id"`);
  return origin;
}

/** Messages of a subagent name it as their session; the session that it works for is its parent's. */
function originOf({ event, session, cwd, transcript, subagent }: Base): Origin {
  const type = subagent?.type === undefined ? {} : { type: subagent.type };
  return {
    agent: { vendor: 'github', name: 'copilot-cli', ...type },
    session: { id: subagent?.parent ?? session, ...(transcript === undefined ? {} : { transcript }) },
    ...(subagent === undefined ? {} : { subagent: { id: subagent.id, ...type } }),
    cwd,
    event,
  };
}

function callOf(origin: Origin, nativeTool: string, given: Input): ToolCall {
  const input = argumentsOf(given);
  return { ...about(origin, nativeTool, input), ...describeTool(nativeTool, input) };
}

/** The client sends no id: the governor names the call. */
function about({ agent, session, subagent, cwd }: Origin, nativeTool: string, input: JsonObject) {
  return { id: '', agent, session, ...(subagent === undefined ? {} : { subagent }), nativeTool, arguments: input, cwd };
}

function textOf(error: JsonValue): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}
