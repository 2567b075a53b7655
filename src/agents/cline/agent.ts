import * as z from 'zod/mini';
import { commandReply, oneLine, type Agent, type Answer, type HookEvent, type Origin, type Reply } from '../agent.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { clineRecord } from './record.ts';
import { argumentsOf, describeTool } from './tools.ts';
import { name, parserFor } from '../parse-message.ts';

const parse = parserFor('Cline');

/**
 * Cline's command line, 3.0.65. Source: messages recorded from it, and what it was seen to do with answers. It knows no refusal of one
 * call: `cancel` ends the run, and that is our "no".
 */
export const cline: Agent = { name: 'cline', records: clineRecord, describe, read, reply, refuseUnread };

function describe({ nativeTool, arguments: input }: Pick<ToolCall, 'nativeTool' | 'arguments'>) {
  return describeTool(nativeTool, input);
}

const jsonValue = z.custom<JsonValue>((value) => value !== undefined && value !== null);

const base = z.object({
  hookName: name,
  taskId: name,
  workspaceRoots: z.array(name).check(z.minLength(1)),
  sessionContext: z.optional(z.object({ rootSessionId: z.optional(z.string()) })),
  agent_id: z.optional(z.nullable(z.string())),
  parent_agent_id: z.optional(z.nullable(z.string())),
});
const call = z.object({ id: name, name, input: jsonValue });
const schemas = {
  call: z.object({ tool_call: call }),
  result: z.object({ tool_result: z.extend(call, { error: z.optional(z.string()), durationMs: z.optional(z.number()) }) }),
};

function read(message: unknown): HookEvent {
  const origin = originOf(parse(base, message));
  switch (origin.event) {
    case 'tool_call':
      return { kind: 'tool-call', origin, call: callOf(origin, parse(schemas.call, message).tool_call) };
    case 'tool_result': {
      const { tool_result: result } = parse(schemas.result, message);
      const { error, durationMs } = result;
      // The client does not let the result be replaced: it is only told.
      const outcome = {
        ...(error === undefined ? { status: 'ran' as const } : { status: 'failed' as const, error }),
        ...(durationMs === undefined ? {} : { durationMs }),
      };
      return { kind: 'tool-result', origin, call: callOf(origin, result), outcome };
    }
    case 'agent_start':
      return origin.subagent === undefined ? { kind: 'session-start', origin, source: 'startup' } : { kind: 'subagent-start', origin };
    case 'agent_end':
      return origin.subagent === undefined ? { kind: 'turn-end', origin } : { kind: 'subagent-end', origin };
    default:
      return { kind: 'other', origin };
  }
}

function originOf({ hookName, taskId, workspaceRoots, sessionContext, agent_id, parent_agent_id }: z.infer<typeof base>): Origin {
  return {
    agent: { vendor: 'cline', name: 'cline' },
    session: { id: sessionContext?.rootSessionId || taskId },
    ...(parent_agent_id && agent_id ? { subagent: { id: agent_id } } : {}),
    cwd: workspaceRoots[0] ?? '',
    event: hookName,
  };
}

function callOf(origin: Origin, { id, name: nativeTool, input }: z.infer<typeof call>): ToolCall {
  const { agent, session, subagent, cwd } = origin;
  const args = argumentsOf(input);
  return {
    id,
    agent,
    session,
    ...(subagent === undefined ? {} : { subagent }),
    cwd,
    nativeTool,
    arguments: args,
    ...describeTool(nativeTool, args),
  };
}

function reply(answer: Answer, to: HookEvent): Reply {
  if (answer.kind === 'refuse') return to.kind === 'tool-call' ? cancel(answer.reason) : silence;
  const input = to.kind === 'tool-call' ? answer.input : undefined;
  return input === undefined ? silence : printed({ overrideInput: input }, false);
}

function refuseUnread(_: unknown, reason: string): Reply {
  return cancel(reason);
}

const silence = printed({}, false);

/** The exit code says nothing to it: only this does, and only where it is all that is printed. */
function cancel(reason: string): Reply {
  return printed({ cancel: true, errorMessage: oneLine(reason) }, true);
}

function printed(body: JsonObject, isRefusal: boolean): Reply {
  return commandReply({ stdout: `${JSON.stringify(body)}\n`, stderr: '', exitCode: 0 }, isRefusal);
}
