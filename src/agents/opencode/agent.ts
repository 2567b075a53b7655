import type { Agent, HookEvent, Origin } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { parse, readBase, schemas, type Base } from './message.ts';
import { opencodeRecord } from './record.ts';
import { refuseUnread, reply } from './reply.ts';
import { describeNamed, describeTool } from './tools.ts';

/** opencode 1.18. Source: its plugin hooks, as recorded from 1.18.33, handed on by our plugin (`storage/install/opencode-plugin.ts`). */
export const opencode: Agent = { name: 'opencode', records: opencodeRecord, describe: describeNamed, read, reply, refuseUnread };

function read(message: unknown): HookEvent {
  const base = readBase(message);
  const origin = originOf(base);
  switch (base.hook) {
    case 'tool.execute.before': {
      const { input, output, servers } = parse(schemas.before, message);
      return { kind: 'tool-call', origin, call: callOf(origin, input, output.args, servers) };
    }
    case 'tool.execute.after': {
      // All that the client keeps of a result: the model gets a part of it, its database and its window the rest.
      const { input, output, servers } = parse(schemas.after, message);
      const call = callOf(origin, input, input.args, servers);
      return { kind: 'tool-result', origin, call, outcome: { status: 'ran' }, output };
    }
    case 'chat.message': {
      const { messageId = '', text } = parse(schemas.prompt, message);
      // What a subagent is told is an argument of the call that began it.
      return origin.subagent === undefined ? { kind: 'prompt', origin, promptId: messageId, text } : { kind: 'other', origin };
    }
    case 'session.created':
      return origin.subagent === undefined ? { kind: 'session-start', origin, source: 'startup' } : { kind: 'subagent-start', origin };
    case 'session.idle':
      return origin.subagent === undefined ? { kind: 'turn-end', origin } : { kind: 'subagent-end', origin };
    case 'session.deleted':
      return { kind: 'session-end', origin, reason: 'deleted' };
    default:
      return { kind: 'other', origin };
  }
}

/** A subagent is a session of its own to opencode; to us it runs within the one that a person began. */
function originOf({ hook, directory, session, version }: Base): Origin {
  const type = session.agent === undefined ? {} : { type: session.agent };
  const isSubagent = session.id !== session.root;
  return {
    agent: { vendor: 'opencode', name: 'opencode', ...(version === undefined ? {} : { version }), ...type },
    session: { id: session.root },
    ...(isSubagent ? { subagent: { id: session.id, ...type } } : {}),
    cwd: directory,
    event: hook,
  };
}

interface NativeCall {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

function callOf(origin: Origin, { tool, callID }: NativeCall, args: JsonObject, servers: readonly string[]): ToolCall {
  const { agent, session, subagent, cwd } = origin;
  return {
    // The model's provider makes it up, for one session at a time: a subagent's may be the same as its parent's.
    id: subagent === undefined ? callID : `${subagent.id}/${callID}`,
    agent,
    session,
    ...(subagent === undefined ? {} : { subagent }),
    cwd,
    nativeTool: tool,
    arguments: args,
    ...describeTool(tool, args, cwd, servers),
  };
}
