import { startTool } from '../../engine/artifact/start-call.ts';
import { sourceJson, type Source } from '../../engine/artifact/start.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { HookEvent } from '../agent.ts';
import { originOf, type McpSpeaker } from './call.ts';

/** A server that a client is about to start. */
export interface McpStart extends McpSpeaker {
  readonly command: readonly string[];
  readonly source?: Source;
  readonly loads: Readonly<Record<string, string>>;
}

/** A start is decided on, asked about and recorded like a call. Its arguments are what an approval is for: other ones are asked about anew. */
export function startEvent(start: McpStart): Extract<HookEvent, { readonly kind: 'tool-call' }> {
  const origin = originOf(start, startTool);
  const { agent, session, cwd } = origin;
  const named = { tool: startTool, nativeTool: startTool, mcpServer: start.server, arguments: argumentsOf(start) };
  return {
    kind: 'tool-call',
    origin,
    call: { id: '', agent, session, cwd, ...named, paths: { read: [], write: [] }, domains: [] },
  };
}

function argumentsOf({ server, command, source, loads }: McpStart): JsonObject {
  return {
    server,
    command: [...command],
    ...(source === undefined ? {} : { source: sourceJson(source) }),
    ...(Object.keys(loads).length === 0 ? {} : { loads }),
  };
}
