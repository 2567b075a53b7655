import { UnreadableMessage, type NamedCall } from '../agent.ts';
import { Arguments } from '../arguments.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { canonicalTools, ToolCall } from '../../engine/tool-call.ts';
import { readPatch } from './patch.ts';

type Canonical = (typeof canonicalTools)[number];
type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'paths' | 'domains' | 'content'>;

/** What a call of a tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(nativeTool: string, input: JsonObject): Description {
  const mcp = /^mcp__(.+?)__(.+)$/s.exec(nativeTool);
  if (mcp !== null) return { tool: mcp[2] ?? nativeTool, mcpServer: mcp[1] ?? '', ...namedByArguments(input) };
  const details = Object.hasOwn(tools, nativeTool) ? tools[nativeTool] : undefined;
  if (details !== undefined) return { paths: { read: [], write: [] }, domains: [], ...details(new Arguments(nativeTool, input)) };
  // Codex glues the group of a tool on its name: `collaborationspawn_agent`.
  const known = endings.find(([ending]) => nativeTool.endsWith(ending));
  return { tool: known?.[1] ?? 'other', ...namedByArguments(input) };
}

/** The same for a call that the log names. */
export function describeRecorded({ nativeTool, arguments: input }: NamedCall): Description {
  return describeTool(nativeTool, input);
}

type Details = (input: Arguments) => Omit<Partial<Description>, 'tool'> & { readonly tool: Canonical };

const shell: Details = (input) => ({ tool: 'shell', command: input.text('command') });
const ofServer: Details = (input) => {
  const [mcpServer] = input.optional('server');
  return { tool: 'other', ...(mcpServer === undefined ? {} : { mcpServer }) };
};

/** Every way of running a command comes as `Bash`; the other names are there in case one comes under its own. */
const tools: Readonly<Record<string, Details>> = {
  Bash: shell,
  shell_command: shell,
  exec_command: (input) => ({ tool: 'shell', command: input.text('cmd') }),
  write_stdin: typed,
  apply_patch: patched,
  view_image: (input) => ({ tool: 'read', paths: { read: [input.text('path')], write: [] } }),
  web_search: () => ({ tool: 'web_search' }),
  update_plan: () => ({ tool: 'task' }),
  create_goal: () => ({ tool: 'task' }),
  update_goal: () => ({ tool: 'task' }),
  get_goal: () => ({ tool: 'task' }),
  request_user_input: () => ({ tool: 'question' }),
  tool_search: () => ({ tool: 'tool_search' }),
  list_mcp_resources: ofServer,
  list_mcp_resource_templates: ofServer,
  read_mcp_resource: ofServer,
};

/** Tools that give work to another agent. */
const endings: readonly (readonly [string, Canonical])[] = [
  ['spawn_agent', 'agent'],
  ['send_input', 'agent'],
  ['send_message', 'agent'],
  ['assign_task', 'agent'],
  ['followup_task', 'agent'],
];

/** Codex asks nobody about it yet. What is typed into a shell is a command. */
function typed(input: Arguments): ReturnType<Details> {
  const [command = ''] = input.optional('chars');
  return command === '' ? { tool: 'shell_output' } : { tool: 'shell', command };
}

function patched(input: Arguments): ReturnType<Details> {
  const { added, changed, content } = readPatch(input.text('command'));
  if (added.length + changed.length === 0) throw new UnreadableMessage('apply_patch with a patch that names no file');
  return { tool: changed.length === 0 ? 'write' : 'edit', paths: { read: [], write: [...added, ...changed] }, content };
}
