import type { Agent, HookEvent, Origin } from '../agent.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { isOurs, parse, readBase, schemas, type Base } from './message.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeRecorded, describeTool } from './tools.ts';

/** The client waits as long as the hook says; a minute is left for the answer to be written down and heard. */
export const hookTimeoutSec = 3_600;

/** VS Code's own chat agent, where it runs in the window's extension host. It shares its process with every other extension. */
export const vscodeChat: Agent = {
  name: 'vscode',
  waits: (hookTimeoutSec - 60) * 1000,
  sharesProcess: true,
  borrows: (agent, message) => lenders.has(agent) && isOurs(message),
  describe: describeRecorded,
  read,
  reply,
  refuseUnread,
};

/** VS Code reads their hook files. */
const lenders: ReadonlySet<string> = new Set(['copilot-cli', 'claude-code']);

function read(message: unknown): HookEvent {
  const base = readBase(message);
  const origin = originOf(base);
  const reader = Object.hasOwn(readers, base.hook_event_name) ? readers[base.hook_event_name] : undefined;
  return (reader ?? other)(message, origin);
}

type Reader = (message: unknown, origin: Origin) => HookEvent;

const other: Reader = (_, origin) => ({ kind: 'other', origin });

/** Events that are not here are told to nobody. */
const readers: Readonly<Record<string, Reader>> = {
  PreToolUse: (message, origin) => ({ kind: 'tool-call', origin, call: callOf(message, origin) }),
  // What the tool gave is not told on: a hook can add to it and take nothing away.
  PostToolUse: (message, origin) => ({ kind: 'tool-result', origin, call: callOf(message, origin), outcome: { status: 'ran' } }),
  UserPromptSubmit: (message, origin) => ({ kind: 'prompt', origin, promptId: '', text: parse(schemas.prompt, message).prompt }),
  SessionStart: (message, origin) => ({ kind: 'session-start', origin, source: parse(schemas.sessionStart, message).source ?? '' }),
  Stop: (_, origin) => ({ kind: 'turn-end', origin }),
  SubagentStart: (message, origin) => ({ kind: 'subagent-start', origin: subagentOf(message, origin) }),
  SubagentStop: (message, origin) => ({ kind: 'subagent-end', origin: subagentOf(message, origin) }),
};

function subagentOf(message: unknown, origin: Origin): Origin {
  const { agent_id: id, agent_type: type } = parse(schemas.subagent, message);
  return { ...origin, subagent: { id, ...(type === undefined ? {} : { type }) } };
}

function originOf({ session_id, transcript_path, cwd, hook_event_name }: Base): Origin {
  return {
    agent: { vendor: 'microsoft', name: 'vscode' },
    // A window is in front of it, always.
    session: { id: session_id, interactive: true, ...(transcript_path === undefined ? {} : { transcript: transcript_path }) },
    cwd,
    event: hook_event_name,
  };
}

function callOf(message: unknown, { agent, session, cwd }: Origin): ToolCall {
  const { tool_name, tool_input, tool_use_id } = parse(schemas.call, message);
  return { id: tool_use_id, agent, session, nativeTool: tool_name, arguments: tool_input, cwd, ...describeTool(tool_name, tool_input) };
}
