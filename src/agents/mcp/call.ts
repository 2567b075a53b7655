import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { AgentRef, ToolCall } from '../../engine/tool-call.ts';
import type { NamedCall, Origin } from '../agent.ts';

/** Who speaks to an MCP server through the gateway, in MCP's words. */
export interface McpSpeaker {
  /** The client's `clientInfo`. */
  readonly client: string;
  readonly version?: string;
  readonly session: string;
  readonly cwd: string;
  /** The server as the client's configuration calls it. */
  readonly server: string;
}

/** What MCP knows besides tools is for policies a tool of its own kind: `resource:…` and `prompt:…`. */
export type McpKind = 'tool' | 'resource' | 'prompt';

export interface McpCall extends McpSpeaker {
  readonly kind: McpKind;
  /** A resource's name is its URI. */
  readonly name: string;
  readonly arguments: JsonObject;
}

/** Clients by the name that they introduce themselves with, or that their configuration goes by; others keep theirs. */
const known: Readonly<Record<string, AgentRef>> = {
  'claude-code': { vendor: 'anthropic', name: 'claude-code' },
  'codex-mcp-client': { vendor: 'openai', name: 'codex' },
  'gemini-cli-mcp-client': { vendor: 'google', name: 'gemini-cli' },
  opencode: { vendor: 'opencode', name: 'opencode' },
  codex: { vendor: 'openai', name: 'codex' },
  'gemini-cli': { vendor: 'google', name: 'gemini-cli' },
  'qwen-code': { vendor: 'alibaba', name: 'qwen-code' },
  'copilot-cli': { vendor: 'github', name: 'copilot-cli' },
  vscode: { vendor: 'microsoft', name: 'vscode' },
  cursor: { vendor: 'cursor', name: 'cursor' },
  cline: { vendor: 'cline', name: 'cline' },
  windsurf: { vendor: 'windsurf', name: 'windsurf' },
  kiro: { vendor: 'amazon', name: 'kiro' },
};

/** Whether that name says by itself which agent it is. */
export function isKnownClient(name: string): boolean {
  return Object.hasOwn(known, name);
}

export function originOf({ client, version, session, cwd }: McpSpeaker, event: string): Origin {
  return { agent: { ...agentOf(client), ...(version === undefined ? {} : { version }) }, session: { id: session }, cwd, event };
}

/** The call as a hook of the same agent tells of it, so that both mean the same one. */
export function callOf(call: McpCall, id: string): ToolCall {
  const { agent, session, cwd } = originOf(call, '');
  const tool = call.kind === 'tool' ? call.name : `${call.kind}:${call.name}`;
  const nativeTool = `mcp__${call.server.replace(/[^A-Za-z0-9_-]/g, '_')}__${tool}`;
  const { server: mcpServer, arguments: input } = call;
  return { id, agent, session, cwd, tool, nativeTool, mcpServer, arguments: input, ...namedByArguments(input) };
}

/** What other arguments would do. */
export function describe({ arguments: input }: NamedCall): Pick<ToolCall, 'paths' | 'domains'> {
  return namedByArguments(input);
}

function agentOf(client: string): AgentRef {
  const found = Object.hasOwn(known, client) ? known[client] : undefined;
  return found ?? { vendor: '', name: client.replace(/[^\w.-]+/g, '-').slice(0, 60) || 'mcp-client' };
}
