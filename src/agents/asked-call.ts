import { namedByArguments } from '../engine/tool-arguments.ts';
import type { JsonObject } from '../engine/json.ts';
import type { AgentRef, ToolCall } from '../engine/tool-call.ts';
import { type HookEvent, UnreadableMessage } from './agent.ts';
import { agents } from './registry.ts';

export interface Asked {
  readonly agent: AgentRef;
  readonly session: string;
  readonly cwd: string;
  /** The agent's own name of the tool. */
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** What the agents' hooks before a call are called. */
const events = ['PreToolUse', 'BeforeTool', 'preToolUse'];
/** What stands for whichever tool the agent runs commands with, and what that is. */
const anyShell = 'shell';
const shells: Readonly<Record<string, string>> = {
  'claude-code': 'Bash',
  'gemini-cli': 'run_shell_command',
  'qwen-code': 'run_shell_command',
  vscode: 'run_in_terminal',
  'copilot-cli': 'bash',
  opencode: 'bash',
};

/**
 * A call that was not made, as the agent's hook would tell of it: read by the same reader where the agent's messages are known, else by
 * its arguments. It has no id.
 */
export function askedCall(given: Asked): ToolCall {
  const own = Object.hasOwn(shells, given.agent.name) ? shells[given.agent.name] : undefined;
  const asked = given.tool === anyShell && own !== undefined ? { ...given, tool: own } : given;
  const call = events.map((event) => read(asked, event)).find((found) => found !== undefined) ?? unread(asked);
  return { ...call, id: '', agent: { ...call.agent, ...asked.agent }, session: { id: asked.session } };
}

function read({ agent, session, cwd, tool, arguments: input }: Asked, event: string): ToolCall | undefined {
  const message = {
    session_id: session,
    transcript_path: '',
    cwd,
    hook_event_name: event,
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'asked',
  };
  let told: HookEvent | undefined;
  try {
    told = agents.get(agent.name)?.read(message, event);
  } catch (error) {
    // Not this agent's message; what nobody can read is judged by its arguments.
    if (!(error instanceof UnreadableMessage)) throw error;
  }
  return told?.kind === 'tool-call' ? told.call : undefined;
}

function unread({ agent, session, cwd, tool, arguments: input }: Asked): ToolCall {
  const [, mcpServer, name] = /^mcp__(.+?)__(.+)$/.exec(tool) ?? [];
  const named = mcpServer === undefined || name === undefined ? { tool } : { tool: name, mcpServer };
  const { command } = input;
  const runs = tool === anyShell && typeof command === 'string' ? { command } : {};
  return {
    id: '',
    agent,
    session: { id: session },
    cwd,
    nativeTool: tool,
    ...named,
    ...runs,
    arguments: input,
    ...namedByArguments(input),
  };
}
