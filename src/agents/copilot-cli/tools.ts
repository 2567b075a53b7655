import { type NamedCall, UnreadableMessage } from '../agent.ts';
import { Arguments, hostOf } from '../arguments.ts';
import { patchedBy } from '../patch-text.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';
import type { Input } from './message.ts';

type Canonical = (typeof canonicalTools)[number];
type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/** The one tool that takes a text takes a patch. */
export function argumentsOf(input: Input): JsonObject {
  return typeof input === 'string' ? { patch: input } : input;
}

/** The arguments as the client takes them. */
export function inputOf(input: JsonObject): Input {
  return isPatchOnly(input) && typeof input['patch'] === 'string' ? input['patch'] : input;
}

/** What a call of Copilot's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(nativeTool: string, input: JsonObject): Description {
  const known = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  if (known !== undefined) return { tool: known.tool, paths: nothing, domains: [], ...known.details?.(new Arguments(nativeTool, input)) };
  return { ...mcpTool(nativeTool), ...namedByArguments(input) };
}

export function describeRecorded({ nativeTool, arguments: input }: NamedCall): Description {
  return describeTool(nativeTool, input);
}

/** What the client asks its person about is told in other arguments than the call's. */
export function describeAsked(nativeTool: string, input: JsonObject): Description {
  const known = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  const command = known?.tool === 'shell' && typeof input['command'] === 'string' ? { command: input['command'] } : {};
  return { ...(known === undefined ? mcpTool(nativeTool) : { tool: known.tool }), ...command, ...namedByArguments(input) };
}

const nothing: Touched = { read: [], write: [] };

interface Tool {
  readonly tool: Canonical;
  readonly details?: (input: Arguments) => Partial<Omit<Description, 'tool'>>;
}

const shell: Tool = { tool: 'shell', details: (input) => ({ command: input.text('command') }) };
const powershell: Tool = { tool: 'shell', details: (input) => ({ command: input.text('command'), shell: 'powershell' }) };
/** What is typed into a shell that runs is run by it. */
const typing: Tool = { tool: 'shell', details: (input) => ({ command: input.optional('input').join('') }) };
const shellOutput: Tool = { tool: 'shell_output' };
const shellKill: Tool = { tool: 'shell_kill' };
const read: Tool = { tool: 'read', details: (input) => reads([input.text('path')]) };
const write: Tool = { tool: 'write', details: (input) => ({ ...writes([input.text('path')]), content: input.text('file_text') }) };
const edit: Tool = { tool: 'edit', details: edited };
const glob: Tool = { tool: 'glob', details: searched };
const grep: Tool = { tool: 'grep', details: searched };
const fetch: Tool = { tool: 'fetch', details: (input) => ({ domains: [hostOf(input.text('url'))] }) };
const webSearch: Tool = { tool: 'web_search' };
const agent: Tool = { tool: 'agent' };
const question: Tool = { tool: 'question' };
const task: Tool = { tool: 'task' };
const other: Tool = { tool: 'other' };

/** Copilot's tools as its hooks call them, and by their own names, which its questions and its records use. */
const tools: Readonly<Record<string, Tool>> = {
  Bash: shell,
  bash: shell,
  powershell,
  read_bash: shellOutput,
  read_powershell: shellOutput,
  list_bash: shellOutput,
  list_powershell: shellOutput,
  write_bash: typing,
  write_powershell: typing,
  stop_bash: shellKill,
  stop_powershell: shellKill,
  Read: read,
  view: read,
  Write: write,
  create: write,
  Edit: edit,
  edit,
  apply_patch: edit,
  Glob: glob,
  glob,
  Grep: grep,
  grep,
  rg: grep,
  WebFetch: fetch,
  web_fetch: fetch,
  WebSearch: webSearch,
  web_search: webSearch,
  Agent: agent,
  task: agent,
  read_agent: agent,
  list_agents: agent,
  write_agent: agent,
  skill: { tool: 'skill' },
  Skill: { tool: 'skill' },
  AskUserQuestion: question,
  ask_user: question,
  update_todo: task,
  report_intent: task,
  exit_plan_mode: { tool: 'plan' },
  // Databases of the session's own.
  sql: other,
  session_store_sql: other,
  fetch_copilot_cli_documentation: other,
};

function reads(paths: readonly string[]): { readonly paths: Touched } {
  return { paths: { read: paths, write: [] } };
}

function writes(paths: readonly string[]): { readonly paths: Touched } {
  return { paths: { read: [], write: paths } };
}

/** One text is replaced, or a patch is applied: both come under the same name. */
function edited(input: Arguments): ReturnType<NonNullable<Tool['details']>> {
  const patch = input.optional('patch')[0];
  if (patch === undefined) return { ...writes([input.text('path')]), content: input.optional('new_str').join('') };
  const { paths, added } = patchedBy(patch);
  if (paths.length === 0) throw new UnreadableMessage('A patch that names no file');
  return { ...writes(paths), content: added };
}

/** Where it searches, and where the pattern itself leads; left out: the directory it works in. */
function searched(input: Arguments): { readonly paths: Touched } {
  const folder = input.optional('path')[0] ?? '.';
  const lead = [...input.optional('pattern'), ...input.optional('glob')].filter((text) => /^([/~]|[A-Za-z]:)|\.\./.test(text));
  return reads([folder, ...lead.map((text) => (/^([/~]|[A-Za-z]:)/.test(text) ? fixed(text) : `${folder}/${fixed(text)}`))]);
}

/** Up to the first wildcard's folder. */
function fixed(pattern: string): string {
  const plain = pattern.slice(0, pattern.search(/[*?[{]|$/));
  return plain === pattern ? pattern : plain.slice(0, plain.lastIndexOf('/') + 1) || pattern;
}

/** Servers that Copilot brings along. */
const shippedServers = ['github-mcp-server', 'playwright'];

/**
 * `server-tool`, or `server/tool` in questions to a person. With more than one hyphen nobody can tell where the server's name ends: then
 * the whole stands for both, so that no rule about another server speaks of it.
 */
function mcpTool(nativeTool: string): Pick<ToolCall, 'tool' | 'mcpServer'> {
  const slash = /^([^/]+)\/(.+)$/s.exec(nativeTool);
  if (slash !== null) return { mcpServer: slash[1] ?? '', tool: slash[2] ?? '' };
  const shipped = shippedServers.find((server) => nativeTool.startsWith(`${server}-`));
  if (shipped !== undefined) return { mcpServer: shipped, tool: nativeTool.slice(shipped.length + 1) };
  const parts = nativeTool.split('-');
  if (parts.length === 1) return { tool: 'other' };
  const [server = '', tool = ''] = parts;
  return parts.length === 2 && server !== '' && tool !== '' ? { mcpServer: server, tool } : { mcpServer: nativeTool, tool: nativeTool };
}

function isPatchOnly(input: JsonObject): boolean {
  return Object.keys(input).length === 1 && typeof input['patch'] === 'string';
}
