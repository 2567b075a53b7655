import { type NamedCall } from '../agent.ts';
import { Arguments, hostOf } from '../arguments.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';

type Canonical = (typeof canonicalTools)[number];
type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/** What a call of Claude Code's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(
  nativeTool: string,
  input: JsonObject,
  context: { readonly cwd: string; readonly mcpServer?: string },
): Description {
  const mcp = mcpTool(nativeTool, context.mcpServer);
  if (mcp !== undefined) return { ...mcp, ...namedByArguments(input) };
  const known = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  // Of a tool that a later version brings, only the arguments are known.
  if (known === undefined) return { tool: 'other', ...namedByArguments(input) };
  return { tool: known.tool, paths: nothing, domains: [], ...known.details?.(new Arguments(nativeTool, input), context.cwd) };
}

/** The same for a call that the log names: there, a tool of the client's own may have a server, too. */
export function describeRecorded({ nativeTool, mcpServer, arguments: input, cwd }: NamedCall): Description {
  const isOwn = Object.hasOwn(tools, nativeTool);
  return describeTool(nativeTool, input, { cwd, ...(isOwn || mcpServer === undefined ? {} : { mcpServer }) });
}

/** The built-in tools by the client's own names, with our words for them. */
export function nativeTools(): readonly { readonly name: string; readonly tool: string }[] {
  return Object.entries(tools).map(([name, { tool }]) => ({ name, tool }));
}

const nothing: Touched = { read: [], write: [] };

type Details = (input: Arguments, cwd: string) => Partial<Omit<Description, 'tool'>>;
interface Tool {
  readonly tool: Canonical;
  readonly details?: Details;
}

const shell: Tool = { tool: 'shell', details: (input) => ({ command: input.text('command') }) };
const task: Tool = { tool: 'task' };
const agent: Tool = { tool: 'agent' };
const worktree: Tool = { tool: 'worktree', details: (input) => reads(input.optional('path')) };
const shellOutput: Tool = { tool: 'shell_output' };
const shellKill: Tool = { tool: 'shell_kill' };
const mcpResource: Tool = { tool: 'other', details: (input) => ({ mcpServer: input.text('server') }) };

/** Claude Code's built-in tools that touch something, or that have a word of ours. Older names stay: policies and old clients use them. */
const tools: Readonly<Record<string, Tool>> = {
  Bash: shell,
  PowerShell: { tool: 'shell', details: (input) => ({ command: input.text('command'), shell: 'powershell' }) },
  Monitor: { tool: 'shell', details: monitor },
  BashOutput: shellOutput,
  TaskOutput: shellOutput,
  AgentOutputTool: shellOutput,
  KillShell: shellKill,
  KillBash: shellKill,
  TaskStop: shellKill,
  Read: { tool: 'read', details: (input) => reads([input.text('file_path')]) },
  NotebookRead: { tool: 'read', details: (input) => reads([input.text('notebook_path')]) },
  Write: { tool: 'write', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('content') }) },
  Edit: { tool: 'edit', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('new_string') }) },
  MultiEdit: {
    tool: 'edit',
    details: (input) => ({ ...writes(input.text('file_path')), content: input.texts('edits', 'new_string').join('\n') }),
  },
  NotebookEdit: {
    tool: 'notebook_edit',
    details: (input) => ({ ...writes(input.text('notebook_path')), content: input.optional('new_source').join('') }),
  },
  Glob: { tool: 'glob', details: (input, cwd) => reads(globbed(input.text('pattern'), input.optional('path')[0] ?? cwd)) },
  Grep: { tool: 'grep', details: (input, cwd) => reads([input.optional('path')[0] ?? cwd]) },
  LS: { tool: 'glob', details: (input, cwd) => reads([input.optional('path')[0] ?? cwd]) },
  LSP: { tool: 'other', details: (input) => reads(input.optional('filePath')) },
  WebFetch: { tool: 'fetch', details: (input) => ({ domains: [hostOf(input.text('url'))] }) },
  WebSearch: { tool: 'web_search' },
  Agent: agent,
  Task: agent,
  Workflow: { tool: 'agent', details: (input) => reads(input.optional('scriptPath')) },
  Skill: { tool: 'skill' },
  SlashCommand: { tool: 'skill' },
  TaskCreate: task,
  TaskUpdate: task,
  TaskGet: task,
  TaskList: task,
  TodoWrite: task,
  AskUserQuestion: { tool: 'question' },
  EnterPlanMode: { tool: 'plan' },
  ExitPlanMode: { tool: 'plan' },
  EnterWorktree: worktree,
  ExitWorktree: worktree,
  ToolSearch: { tool: 'tool_search' },
  ReadMcpResourceTool: mcpResource,
  ReadMcpResource: mcpResource,
  ReadMcpResourceDirTool: mcpResource,
  ReadMcpResourceDir: mcpResource,
  Artifact: { tool: 'other', details: (input) => reads([...input.optional('file_path'), ...input.texts('file_paths')]) },
  SendUserFile: { tool: 'other', details: (input) => reads(input.texts('files')) },
  Projects: { tool: 'other', details: (input) => reads(input.optional('local_path')) },
};

function reads(read: readonly string[]): { readonly paths: Touched } {
  return { paths: { read, write: [] } };
}

function writes(path: string): { readonly paths: Touched } {
  return { paths: { read: [], write: [path] } };
}

/** A watch runs a command, or opens a WebSocket. */
function monitor(input: Arguments): ReturnType<Details> {
  const command = input.optional('command')[0];
  const url = input.within('ws')?.text('url');
  return { ...(command === undefined ? {} : { command }), domains: url === undefined ? [] : [hostOf(url)] };
}

/** The folder that is searched, and the one that the pattern itself leads to (`/etc/**`, `../x/*`). */
function globbed(pattern: string, folder: string): readonly string[] {
  const fixed = pattern.slice(0, pattern.search(/[*?[{]|$/));
  const lead = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  const isElsewhere = /^([/\\~]|[A-Za-z]:)/.test(pattern);
  if (isElsewhere) return [folder, lead === '' ? pattern : lead];
  return pattern.includes('..') ? [folder, `${folder}/${lead === '' ? pattern : lead}`] : [folder];
}

/** `mcp__server__tool`; where the client names the server itself, that name counts (the tool's has odd characters replaced). */
function mcpTool(nativeTool: string, server: string | undefined): Pick<ToolCall, 'tool' | 'mcpServer'> | undefined {
  const parts = /^mcp__(.+?)__(.+)$/s.exec(nativeTool);
  if (server === undefined) return parts === null ? undefined : { tool: parts[2] ?? nativeTool, mcpServer: parts[1] ?? '' };
  const prefix = `mcp__${server.replace(/[^A-Za-z0-9_-]/g, '_')}__`;
  const own = nativeTool.startsWith(prefix) ? nativeTool.slice(prefix.length) : parts?.[2];
  return { tool: own === undefined || own === '' ? nativeTool : own, mcpServer: server };
}
