import { UnreadableMessage } from '../agent.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import { filesOfPatch } from '../../engine/effects/patch.ts';
import type { ToolCall, Touched } from '../../engine/tool-call.ts';
import { shellWord } from '../shell-word.ts';

type Description = Pick<ToolCall, 'tool' | 'command' | 'paths' | 'domains' | 'content'>;

/**
 * What a call of Cline's tool means in our words. Its tools take their arguments in many forms (`files`, `paths`, a bare text …): all that
 * its schemas (3.0.65) accept are read, and what is none of them is unreadable.
 */
export function describeTool(nativeTool: string, input: JsonObject): Description {
  const none = { paths: nothing, domains: [] };
  switch (nativeTool) {
    case 'run_commands':
      return { ...none, tool: 'shell', command: all(nativeTool, commandsIn(input)).join('\n') };
    case 'read_files':
      return { ...none, tool: 'read', paths: { read: all(nativeTool, textsIn(input, pathNames)), write: [] } };
    case 'editor':
      return {
        ...none,
        tool: 'edit',
        paths: writes(all(nativeTool, textsIn(input, pathNames))),
        content: textsIn(input, ['new_text'])[0] ?? '',
      };
    case 'apply_patch':
      return patch(textsIn(input, ['input', 'patch']).join('\n'));
    case 'fetch_web_content':
      return { ...none, tool: 'fetch', domains: all(nativeTool, namedByArguments(input).domains) };
    case 'search_codebase':
      return { ...none, tool: 'grep' };
    case 'spawn_agent':
      return { ...none, tool: 'agent' };
    case 'skills':
      return { ...none, tool: 'skill' };
    case 'ask_question':
      return { ...none, tool: 'question' };
    case 'submit_and_exit':
      return { ...none, tool: 'other' };
    default:
      // Also the tools of MCP servers: their messages do not say whose they are.
      return { tool: 'other', ...namedByArguments(input) };
  }
}

/** The client takes a bare text or list for some tools. */
export function argumentsOf(input: JsonValue): JsonObject {
  return isObject(input) ? input : { input };
}

const nothing: Touched = { read: [], write: [] };
const pathNames = ['input', 'files', 'file_paths', 'paths', 'path', 'file_path', 'filePath'];

function patch(text: string): Description {
  const { written, deleted } = filesOfPatch(text);
  return { tool: 'edit', paths: writes(all('apply_patch', [...written, ...deleted])), domains: [], content: text };
}

function writes(write: readonly string[]): Touched {
  return { read: [], write };
}

function all(tool: string, found: readonly string[]): readonly string[] {
  if (found.length === 0) throw new UnreadableMessage(`${tool} without readable arguments`);
  return found;
}

/** A command, `{ command, args }`, or a list of either, under whichever of its names. */
function commandsIn(value: JsonValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap((one) => all('run_commands', commandsIn(one)));
  if (typeof value !== 'object') throw new UnreadableMessage('run_commands without readable arguments');
  const { input, commands, cmd, command, args } = value;
  const words =
    typeof command === 'string' && args !== undefined ? [[command, ...textsIn(args, []).map(shellWord)].join(' ')] : commandsIn(command);
  return [...commandsIn(input), ...commandsIn(commands), ...commandsIn(cmd), ...words];
}

/** The texts under these names, and in lists of such objects. */
function textsIn(value: JsonValue | undefined, names: readonly string[]): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap((one) => textsIn(one, names));
  if (typeof value !== 'object') throw new UnreadableMessage(`"${String(value)}" where a text belongs`);
  return names.flatMap((one) => textsIn(value[one], names));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
