import { UnreadableMessage } from '../agent.ts';
import { Arguments, hostOf } from '../arguments.ts';
import type { JsonObject } from '../../engine/json.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';
import type { ToolCall, Touched } from '../../engine/tool-call.ts';
import { withinFolder } from '../within-folder.ts';

type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'paths' | 'domains' | 'content'>;

/** What a call of Cursor's tool means in our words; the arguments are those that its SDK 1.0.32 hands to hooks. */
export function describeTool(nativeTool: string, input: JsonObject, cwd: string): Description {
  const args = new Arguments(nativeTool, input);
  const none = { paths: nothing, domains: [] };
  switch (nativeTool) {
    case 'Shell':
      return { ...none, tool: 'shell', command: withinFolder(elsewhere(args, cwd), args.text('command')) };
    case 'Read':
      return { ...none, tool: 'read', paths: reads(args.text('file_path')) };
    case 'Write':
      return { ...none, tool: 'write', paths: writes(args.text('file_path')), content: args.optional('content').join('') };
    case 'Delete':
      return { ...none, tool: 'edit', paths: writes(args.text('file_path')) };
    case 'Grep':
      return { ...none, tool: 'grep', paths: reads(args.optional('file_path')[0] || cwd) };
    case 'List':
      return { ...none, tool: 'glob', paths: reads(args.optional('file_path')[0] || cwd) };
    case 'WebFetch':
    case 'Fetch':
      return { ...none, tool: 'fetch', domains: [hostOf(args.text('url'))] };
    case 'WebSearch':
      return { ...none, tool: 'web_search' };
    case 'Task':
      return { ...none, tool: 'agent' };
    case 'FetchMcpResource':
    case 'ListMcpResources':
      return { tool: 'other', mcpServer: args.optional('server').join(''), ...namedByArguments(input) };
    // Only the length of what would be typed into a running shell is told.
    case 'WriteShellStdin':
      throw new UnreadableMessage('Cursor does not say what would be typed into the shell that runs');
    default:
      return nativeTool.startsWith('MCP:')
        ? describeMcp({ name: nativeTool.slice('MCP:'.length), server: '' }, input)
        : { tool: 'other', ...namedByArguments(input) };
  }
}

/** A call of an MCP server's tool. Its server is named before it runs (`beforeMCPExecution`), and nowhere else. */
export function describeMcp({ name, server }: { readonly name: string; readonly server: string }, input: JsonObject): Description {
  return { tool: name, mcpServer: server, ...namedByArguments(input) };
}

const nothing: Touched = { read: [], write: [] };

function elsewhere(args: Arguments, cwd: string): string | undefined {
  const folder = args.optional('cwd')[0];
  return folder === cwd ? undefined : folder;
}

function reads(path: string): Touched {
  return { read: [path], write: [] };
}

function writes(path: string): Touched {
  return { read: [], write: [path] };
}
