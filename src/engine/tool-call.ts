import type { JsonObject } from './json.ts';

/** The governed program. `name` is ours (`claude-code`), `type` is the persona it runs as (`--agent reviewer`, a subagent's type). */
export interface AgentRef {
  readonly vendor: string;
  readonly name: string;
  readonly version?: string;
  readonly type?: string;
}

/** One run of an agent. `mode` is the agent's own word for its permission mode. */
export interface SessionRef {
  readonly id: string;
  readonly mode?: string;
  /** Whether a person sits in front of it; `undefined` where the agent does not say. */
  readonly interactive?: boolean;
  readonly transcript?: string;
}

/** A run inside a run. */
export interface SubagentRef {
  readonly id: string;
  readonly type?: string;
}

/** Paths or host names as the agent wrote them; the governor resolves the paths before the engine sees them. */
export interface Touched {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** One thing an agent wants to do, in our words. */
export interface ToolCall {
  /** The agent's own identifier of the call (`tool_use_id`); unique within its session. */
  readonly id: string;
  readonly agent: AgentRef;
  readonly session: SessionRef;
  readonly subagent?: SubagentRef;
  /** Canonical name: a word of `canonicalTools`, or for MCP the tool's own name without its server. */
  readonly tool: string;
  readonly nativeTool: string;
  readonly mcpServer?: string;
  readonly arguments: JsonObject;
  readonly cwd: string;
  /** The text a shell tool would run. */
  readonly command?: string;
  /** In which language the text is; left out: that of `bash`. */
  readonly shell?: 'bash' | 'powershell';
  readonly paths: Touched;
  readonly domains: readonly string[];
  /** The text that would be written. */
  readonly content?: string;
}

/** What every agent's built-in tools are called here. */
export const canonicalTools = [
  'shell',
  'shell_output',
  'shell_kill',
  'read',
  'write',
  'edit',
  'notebook_edit',
  'glob',
  'grep',
  'fetch',
  'web_search',
  'agent',
  'skill',
  'task',
  'question',
  'plan',
  'worktree',
  'tool_search',
  'other',
] as const;

/** What became of a call that was let through, as the agent reported it afterwards. */
export interface Outcome {
  readonly status: 'ran' | 'failed';
  readonly durationMs?: number;
  readonly error?: string;
}
