import { Arguments, hostOf } from '../arguments.ts';
import { type NamedCall, UnreadableMessage } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';
import { withinFolder } from '../within-folder.ts';

export type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/** Whose MCP tool it is, as the client says it. */
export interface McpTool {
  readonly server: string;
  readonly tool: string;
}

type Details = (input: Arguments, cwd: string) => Partial<Omit<Description, 'tool'>>;
export interface Tool {
  readonly tool: (typeof canonicalTools)[number];
  readonly details?: Details;
}
export type Tools = Readonly<Record<string, Tool>>;

/** What a call of Gemini CLI's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(nativeTool: string, input: JsonObject, cwd: string, mcp?: McpTool): Description {
  if (mcp !== undefined) return describeMcp(mcp, input);
  // Server and tool are glued together: whoever guesses where, guesses wrong some day.
  if (nativeTool.startsWith('mcp_')) throw new UnreadableMessage(`${nativeTool} without "mcp_context", which names its server`);
  return describeBuiltIn(geminiTools, nativeTool, input, cwd);
}

/** The same for a call that the log names. */
export function describeRecorded({ nativeTool, mcpServer, arguments: input, cwd }: NamedCall): Description {
  const isMcp = mcpServer !== undefined && !Object.hasOwn(geminiTools, nativeTool);
  return describeTool(nativeTool, input, cwd, isMcp ? { server: mcpServer, tool: nativeTool } : undefined);
}

export function describeMcp({ server, tool }: McpTool, input: JsonObject): Description {
  return { tool, mcpServer: server, ...namedByArguments(input) };
}

export function describeBuiltIn(tools: Tools, nativeTool: string, input: JsonObject, cwd: string): Description {
  const known = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  // Of a tool that a later version brings, only the arguments are known.
  if (known === undefined) return { tool: 'other', ...namedByArguments(input) };
  return { tool: known.tool, paths: { read: [], write: [] }, domains: [], ...known.details?.(new Arguments(nativeTool, input), cwd) };
}

/** A command that runs in another folder: it is judged as if it went there itself. */
export function shellIn(folder: string): Details {
  return (input) => {
    const command = input.text('command');
    const [where] = input.optional(folder);
    return { command: withinFolder(where, command), ...(where === undefined || where === '' ? {} : reads([where])) };
  };
}

export function reads(read: readonly string[]): { readonly paths: Touched } {
  return { paths: { read, write: [] } };
}

export function writes(path: string): { readonly paths: Touched } {
  return { paths: { read: [], write: [path] } };
}

/** The folder that is searched, and the one that the pattern itself leads to (`/etc/**`, `../x/*`). */
export function globbed(pattern: string, folder: string): readonly string[] {
  const fixed = pattern.slice(0, pattern.search(/[*?[{]|$/));
  const lead = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  if (/^([/\\~]|[A-Za-z]:)/.test(pattern)) return [folder, lead === '' ? pattern : lead];
  return pattern.includes('..') ? [folder, `${folder}/${lead === '' ? pattern : lead}`] : [folder];
}

/** Gemini is told in prose what to fetch, and takes each word for an address that can be one; what clings to it may be a part of it. */
function hostsIn(prompt: string): readonly string[] {
  const words = prompt.split(/\s+/).filter((word) => word.includes('://'));
  const urls = words.flatMap((word) => [word, word.replace(/^.*?(?=https?:)/i, '')]).flatMap((word) => URL.parse(word)?.hostname ?? []);
  return [...new Set(urls)].filter((host) => host !== '').map(hostOf);
}

const searched = (input: Arguments, cwd: string): readonly string[] => [input.optional('dir_path')[0] || cwd];
const task: Tool = { tool: 'task' };
const plan: Tool = { tool: 'plan' };

/** Gemini CLI's own tools that touch something, or that have a word of ours (0.61.0). */
const geminiTools: Tools = {
  run_shell_command: { tool: 'shell', details: shellIn('dir_path') },
  list_background_processes: { tool: 'shell_output' },
  read_background_output: { tool: 'shell_output' },
  read_file: { tool: 'read', details: (input) => reads([input.text('file_path')]) },
  read_many_files: { tool: 'read', details: (input, cwd) => reads(input.texts('include').flatMap((one) => globbed(one, cwd))) },
  write_file: { tool: 'write', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('content') }) },
  replace: { tool: 'edit', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('new_string') }) },
  glob: { tool: 'glob', details: (input, cwd) => reads(globbed(input.text('pattern'), searched(input, cwd)[0] ?? cwd)) },
  grep_search: { tool: 'grep', details: (input, cwd) => reads(searched(input, cwd)) },
  list_directory: { tool: 'glob', details: (input, cwd) => reads(searched(input, cwd)) },
  web_fetch: {
    tool: 'fetch',
    details: (input) => ({ domains: [...hostsIn(input.optional('prompt')[0] ?? ''), ...input.optional('url').map(hostOf)] }),
  },
  google_web_search: { tool: 'web_search' },
  invoke_agent: { tool: 'agent' },
  activate_skill: { tool: 'skill' },
  ask_user: { tool: 'question' },
  enter_plan_mode: plan,
  exit_plan_mode: plan,
  write_todos: task,
  tracker_create_task: task,
  tracker_update_task: task,
  tracker_get_task: task,
  tracker_list_tasks: task,
};
