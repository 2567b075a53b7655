import { UnreadableMessage } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { refuseUnread } from './reply.ts';

/**
 * The gate: an MCP server of our plugin, beside the HTTP hook. The client starts it, and speaks to it over pipes that nobody
 * else can take over. It brings the same message once more.
 */
export const gateServer = 'gate';
/** What the client calls it, once the plugin is installed. */
export const gateName = `plugin:countersign:${gateServer}`;
export const gateTool = 'confirm';

const event = 'PreToolUse';

/** The client fills in what the hook message has under these names: '' for what it has not. */
const texts = ['session_id', 'transcript_path', 'cwd', 'permission_mode', 'agent_id', 'agent_type', 'tool_name', 'tool_use_id'];
/** These come as JSON. What looks like a placeholder inside of them stays as it is. */
const objects = ['tool_input', 'mcp_server'];

export const gateInput: Readonly<Record<string, string>> = Object.fromEntries([...texts, ...objects].map((name) => [name, `\${${name}}`]));

/** The hook message behind what the gate was called with, as the HTTP hook brings it. Throws `UnreadableMessage`. */
export function readGateInput(input: Readonly<Record<string, unknown>>): JsonObject {
  const message: Record<string, JsonObject[string]> = { hook_event_name: event };
  for (const name of [...texts, ...objects]) {
    const value = input[name] ?? '';
    if (typeof value !== 'string') throw new UnreadableMessage(`The gate's "${name}" is no text`);
    if (value !== '') message[name] = objects.includes(name) ? parse(name, value) : value;
  }
  return message;
}

/** The refusal that the client honours from the gate. */
export function gateRefusal(reason: string): string {
  return refuseUnread({ hook_event_name: event }, reason).command.stdout;
}

/** The description is all that the model gets to see of us. */
export const gateListing: JsonObject = {
  name: gateTool,
  description: "Used by Countersign's hooks. Calling it does nothing.",
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
};

function parse(name: string, text: string): JsonObject[string] {
  try {
    const value: JsonObject[string] = JSON.parse(text);
    return value;
  } catch {
    throw new UnreadableMessage(`The gate's "${name}" is not JSON`);
  }
}
