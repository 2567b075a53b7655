import * as z from 'zod/mini';
import { UnreadableMessage } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { jsonObject, jsonValue, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('Copilot');

/**
 * What GitHub Copilot CLI sends to hooks under keys in PascalCase, as recorded from 1.0.102. Three events keep the names of the other
 * dialect (`sessionId`), or some of them, and do not say which event they are.
 */
const base = z.object({
  session_id: z.optional(name),
  sessionId: z.optional(name),
  hook_event_name: z.optional(name),
  hookName: z.optional(name),
  agentName: z.optional(z.string()),
  cwd: name,
  agent_id: z.optional(name),
  agent_type: z.optional(z.string()),
  parent_agent_id: z.optional(name),
  transcript_path: z.optional(z.string()),
  transcriptPath: z.optional(z.string()),
});

export interface Base {
  readonly event: string;
  /** Of a subagent's own messages: the subagent's id. */
  readonly session: string;
  readonly cwd: string;
  readonly transcript?: string;
  readonly subagent?: { readonly id: string; readonly type?: string; readonly parent: string };
}

/** A tool that takes no object gets its one text as it is. */
export const input = z.union([jsonObject, z.string().check(z.minLength(1))]);
export type Input = JsonObject | string;

export const schemas = {
  call: z.object({ tool_name: name, tool_input: input }),
  result: z.object({
    tool_name: name,
    tool_input: input,
    tool_result: z.optional(z.object({ result_type: z.string(), text_result_for_llm: z.string() })),
    error: z.optional(jsonValue),
  }),
  permission: z.object({ toolName: name, toolInput: input }),
  prompt: z.object({ prompt: z.string() }),
  sessionStart: z.object({ source: z.optional(z.string()) }),
  sessionEnd: z.object({ reason: z.optional(z.string()) }),
};

/** What every message carries. `event`: what the hook was called with. Throws `UnreadableMessage`. */
export function readBase(message: unknown, event: string | undefined): Base {
  const body = parse(base, message);
  const session = body.session_id ?? body.sessionId;
  if (session === undefined) throw new UnreadableMessage('The message names no session');
  const said = body.hook_event_name ?? event ?? unsaid(body);
  if (said === undefined) throw new UnreadableMessage('The message does not say which event it is, and neither does the hook');
  const transcript = body.transcript_path ?? body.transcriptPath;
  return {
    event: said,
    session,
    cwd: body.cwd,
    ...(transcript === undefined ? {} : { transcript }),
    ...subagentIn(body),
  };
}

/** What the two events that do not name themselves look like. */
function unsaid({ hookName, agentName }: z.infer<typeof base>): string | undefined {
  if (hookName === 'permissionRequest') return 'PermissionRequest';
  return agentName === undefined ? undefined : 'SubagentStart';
}

function subagentIn({ agent_id, agent_type, parent_agent_id }: z.infer<typeof base>): Pick<Base, 'subagent'> {
  if (agent_id === undefined) return {};
  if (parent_agent_id === undefined) throw new UnreadableMessage('The message names a subagent, but not whose it is');
  return { subagent: { id: agent_id, ...(agent_type === undefined ? {} : { type: agent_type }), parent: parent_agent_id } };
}
