import { type NamedCall, UnreadableMessage } from '../agent.ts';
import { Arguments, hostOf } from '../arguments.ts';
import { patchedBy } from '../patch-text.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';
import { shellWord } from '../shell-word.ts';

type Canonical = (typeof canonicalTools)[number];
type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/** What a call of VS Code's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(nativeTool: string, input: JsonObject): Description {
  const known = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  if (known !== undefined) return { tool: known.tool, paths: nothing, domains: [], ...known.details?.(new Arguments(nativeTool, input)) };
  return { ...mcpTool(nativeTool), ...namedByArguments(input) };
}

export function describeRecorded({ nativeTool, arguments: input }: NamedCall): Description {
  return describeTool(nativeTool, input);
}

const nothing: Touched = { read: [], write: [] };

type Details = Partial<Omit<Description, 'tool'>>;
interface Tool {
  readonly tool: Canonical;
  readonly details?: (input: Arguments) => Details;
}

const read: Tool = { tool: 'read', details: (input) => reads([pathOf(input.text('filePath'))]) };
const searched: Tool = { tool: 'grep', details: () => reads(['.']) };
const agent: Tool = { tool: 'agent' };
const task: Tool = { tool: 'task' };

/** The built-in tools that touch something, or that have a word of ours, as the Copilot extension 0.67.0 and VS Code 1.139 name them. */
const tools: Readonly<Record<string, Tool>> = {
  run_in_terminal: { tool: 'shell', details: (input) => ({ command: input.text('command') }) },
  // What is typed into a terminal is run by it.
  send_to_terminal: { tool: 'shell', details: (input) => ({ command: typed(input) }) },
  create_and_run_task: { tool: 'shell', details: taskCommand },
  get_terminal_output: { tool: 'shell_output' },
  terminal_last_command: { tool: 'shell_output' },
  terminal_selection: { tool: 'shell_output' },
  get_task_output: { tool: 'shell_output' },
  kill_terminal: { tool: 'shell_kill' },
  read_file: read,
  view_image: read,
  copilot_getNotebookSummary: read,
  read_notebook_cell_output: read,
  list_dir: { tool: 'glob', details: (input) => reads([pathOf(input.text('path'))]) },
  file_search: { tool: 'glob', details: () => reads(['.']) },
  grep_search: searched,
  semantic_search: searched,
  create_file: { tool: 'write', details: (input) => ({ ...writes([input.text('filePath')]), content: input.text('content') }) },
  create_directory: { tool: 'write', details: (input) => writes([input.text('dirPath')]) },
  insert_edit_into_file: { tool: 'edit', details: (input) => ({ ...writes([input.text('filePath')]), content: input.text('code') }) },
  replace_string_in_file: {
    tool: 'edit',
    details: (input) => ({ ...writes([input.text('filePath')]), content: input.text('newString') }),
  },
  multi_replace_string_in_file: {
    tool: 'edit',
    details: (input) => ({
      ...writes(input.texts('replacements', 'filePath')),
      content: input.texts('replacements', 'newString').join('\n'),
    }),
  },
  apply_patch: { tool: 'edit', details: patched },
  edit_notebook_file: { tool: 'notebook_edit', details: notebook },
  run_notebook_cell: { tool: 'other', details: (input) => reads([pathOf(input.text('filePath'))]) },
  fetch_webpage: { tool: 'fetch', details: (input) => ({ domains: input.texts('urls').map(hostOf) }) },
  github_repo: { tool: 'fetch', details: () => ({ domains: ['github.com'] }) },
  github_text_search: { tool: 'fetch', details: () => ({ domains: ['github.com'] }) },
  runSubagent: agent,
  execution_subagent: agent,
  search_subagent: agent,
  explore_subagent: agent,
  skill: { tool: 'skill' },
  manage_todo_list: task,
  vscode_askQuestions: { tool: 'question' },
};

function reads(paths: readonly string[]): { readonly paths: Touched } {
  return { paths: { read: paths, write: [] } };
}

function writes(paths: readonly string[]): { readonly paths: Touched } {
  return { paths: { read: [], write: paths.map(pathOf) } };
}

/** VS Code takes a path or its address. */
function pathOf(text: string): string {
  const url = /^file:/i.test(text) ? URL.parse(text) : null;
  return url === null ? text : decodeURIComponent(url.pathname);
}

function typed(input: Arguments): string {
  return ['command', 'input', 'text'].flatMap((name) => input.optional(name)).join('\n');
}

/**
 * A task that runs what it names, with its arguments. VS Code gives them to a shell as they are, or each as one word to the program, as the
 * task's type says: both are judged.
 */
function taskCommand(input: Arguments): Details {
  const described = input.within('task');
  if (described === undefined) throw new UnreadableMessage('create_and_run_task without a readable "task"');
  const [command, args] = [described.text('command'), described.texts('args')];
  const ways = [args, args.map(shellWord)].map((words) => [command, ...words].join(' '));
  return { command: [...new Set(ways)].join('\n') };
}

function patched(input: Arguments): Details {
  const { paths, added } = patchedBy(input.text('input'));
  if (paths.length === 0) throw new UnreadableMessage('A patch that names no file');
  return { ...writes(paths), content: added };
}

/** The new text is one, or a list of lines: the entry keeps the arguments anyhow. */
function notebook(input: Arguments): Details {
  return writes([input.text('filePath')]);
}

/** `mcp_server_tool`. With more underscores nobody can tell where the server's name ends: then the whole stands for both. */
function mcpTool(nativeTool: string): Pick<ToolCall, 'tool' | 'mcpServer'> {
  if (!nativeTool.startsWith('mcp_')) return { tool: 'other' };
  const [server = '', tool = '', more] = nativeTool.slice('mcp_'.length).split('_');
  return more === undefined && server !== '' && tool !== '' ? { mcpServer: server, tool } : { mcpServer: nativeTool, tool: nativeTool };
}
