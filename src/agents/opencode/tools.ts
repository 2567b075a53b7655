import { type NamedCall, UnreadableMessage } from '../agent.ts';
import { Arguments, hostOf } from '../arguments.ts';
import { withinFolder } from '../within-folder.ts';
import { filesOfPatch } from '../../engine/effects/patch.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall, Touched } from '../../engine/tool-call.ts';

type Canonical = (typeof canonicalTools)[number];
type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/**
 * What a call of opencode's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing, and where the
 * name could be that of two tools.
 */
export function describeTool(nativeTool: string, input: JsonObject, cwd: string, servers: readonly string[]): Description {
  const mcp = mcpTool(nativeTool, servers);
  if (mcp !== undefined) return { ...mcp, ...namedByArguments(input) };
  return describeOwn(nativeTool, input, cwd);
}

/** The same for a call that the log names. */
export function describeNamed({ nativeTool, mcpServer, arguments: input, cwd }: NamedCall): Description {
  return isOwnTool(nativeTool) || mcpServer === undefined
    ? describeOwn(nativeTool, input, cwd)
    : describeTool(nativeTool, input, cwd, [mcpServer]);
}

/** Whether it is opencode's own: not a plugin's, and not an MCP server's. */
export function isOwnTool(nativeTool: string): boolean {
  return Object.hasOwn(tools, nativeTool);
}

function describeOwn(nativeTool: string, input: JsonObject, cwd: string): Description {
  const known = isOwnTool(nativeTool) ? tools[nativeTool] : undefined;
  // Of a tool that a later version or a plugin brings, only the arguments are known.
  if (known === undefined) return { tool: 'other', ...namedByArguments(input) };
  return { tool: known.tool, paths: nothing, domains: [], ...known.details?.(new Arguments(nativeTool, input), cwd) };
}

const nothing: Touched = { read: [], write: [] };

type Details = (input: Arguments, cwd: string) => Partial<Omit<Description, 'tool'>>;
interface Tool {
  readonly tool: Canonical;
  readonly details?: Details;
}

const searched: Details = (input, cwd) => reads(input.optional('path')[0] ?? cwd);
const mcpResource: Tool = { tool: 'other', details: (input) => ({ mcpServer: input.text('server') }) };
/** One server's resources, or those of all. */
const mcpResources: Tool = { tool: 'other', details: (input) => input.optional('server').map((mcpServer) => ({ mcpServer }))[0] ?? {} };

/** opencode 1.18's own tools. */
const tools: Readonly<Record<string, Tool>> = {
  bash: { tool: 'shell', details: (input) => ({ command: withinFolder(input.optional('workdir')[0], input.text('command')) }) },
  read: { tool: 'read', details: (input) => reads(pathIn(input)) },
  write: { tool: 'write', details: (input) => ({ ...writes(pathIn(input)), content: input.text('content') }) },
  edit: { tool: 'edit', details: (input) => ({ ...writes(pathIn(input)), content: input.text('newString') }) },
  apply_patch: { tool: 'edit', details: patch },
  patch: { tool: 'edit', details: patch },
  glob: { tool: 'glob', details: (input, cwd) => reads(...globbed(input.text('pattern'), input.optional('path')[0] ?? cwd)) },
  grep: { tool: 'grep', details: searched },
  list: { tool: 'glob', details: searched },
  lsp: { tool: 'other', details: (input) => reads(...input.optional('filePath')) },
  webfetch: { tool: 'fetch', details: (input) => ({ domains: [hostOf(input.text('url'))] }) },
  websearch: { tool: 'web_search' },
  codesearch: { tool: 'web_search' },
  task: { tool: 'agent' },
  skill: { tool: 'skill' },
  todowrite: { tool: 'task' },
  todoread: { tool: 'task' },
  question: { tool: 'question' },
  plan_enter: { tool: 'plan' },
  plan_exit: { tool: 'plan' },
  list_mcp_resources: mcpResources,
  list_mcp_resource_templates: mcpResources,
  read_mcp_resource: mcpResource,
  /** What a call becomes whose tool does not exist: it only tells the model so. */
  invalid: { tool: 'other' },
};

/** The tools of its next engine call it `path`. */
function pathIn(input: Arguments): string {
  return input.optional('path')[0] ?? input.text('filePath');
}

function patch(input: Arguments): ReturnType<Details> {
  const text = input.text('patchText');
  const { written, deleted } = filesOfPatch(text);
  const write = [...written, ...deleted];
  if (write.length === 0) throw new UnreadableMessage('apply_patch with a patch that names no file');
  return { paths: { read: [], write }, content: text };
}

function reads(...read: readonly string[]): { readonly paths: Touched } {
  return { paths: { read, write: [] } };
}

function writes(path: string): { readonly paths: Touched } {
  return { paths: { read: [], write: [path] } };
}

/** The folder that is searched, and the one that the pattern itself leads to (`/etc/**`, `../x/*`). */
function globbed(pattern: string, folder: string): readonly string[] {
  const fixed = pattern.slice(0, pattern.search(/[*?[{]|$/));
  const lead = fixed.slice(0, fixed.lastIndexOf('/') + 1) || pattern;
  if (/^([/\\~]|[A-Za-z]:)/.test(pattern)) return [folder, lead];
  return pattern.includes('..') ? [folder, `${folder}/${lead}`] : [folder];
}

/**
 * `server_tool`, both with odd characters replaced. Only the client's list of servers says where the name is to be split; two servers, or
 * a server and a tool of the client's own, that may both be meant are told apart by nobody.
 */
function mcpTool(nativeTool: string, servers: readonly string[]): Pick<ToolCall, 'tool' | 'mcpServer'> | undefined {
  const meant = servers.filter((server) => nativeTool.startsWith(prefixOf(server)) && nativeTool.length > prefixOf(server).length);
  const [server, second] = [...meant, ...(Object.hasOwn(tools, nativeTool) ? [''] : [])];
  if (server === undefined || server === '') return undefined;
  if (second !== undefined)
    throw new UnreadableMessage(
      `"${nativeTool}" may be a tool of "${server}" ${second === '' ? "or opencode's own" : `or of "${second}"`}: rename the MCP server`,
    );
  return { tool: nativeTool.slice(prefixOf(server).length), mcpServer: server };
}

function prefixOf(server: string): string {
  return `${server.replace(/[^a-zA-Z0-9_-]/g, '_')}_`;
}
