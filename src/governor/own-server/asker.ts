import type { JsonObject } from '../../engine/json.ts';
import type { AgentRef, ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';
import type { AgentProcess, SessionRecord } from '../ports.ts';
import { processOf } from '../sessions.ts';

/** Who asks through our own MCP server. */
export interface Asker {
  readonly agent: AgentRef;
  /** What the server was told at its start: a claim that anybody could make. */
  readonly claims: string;
  readonly cwd: string;
  /** The processes above the server's, the nearest first. */
  readonly above: readonly number[];
  /** Makes a call as the agent's hook would tell of it. */
  readonly make: (asked: AskedCall & { readonly agent: AgentRef; readonly session: string; readonly cwd: string }) => ToolCall;
}

/** A call as the agent would make it. */
export interface AskedCall {
  /** The agent's own name of the tool. */
  readonly tool: string;
  readonly arguments: JsonObject;
  /** Left out: where the session is now. */
  readonly cwd?: string;
}

/**
 * The session that asks; `undefined` where that is not known. A session's process above the server's says more than a claim, which may be
 * from before the agent began another session in that process. A session whose process lives elsewhere is somebody else's.
 */
export function sessionOf({ ports, sessions }: Office, { agent, claims, above }: Asker): SessionRecord | undefined {
  const around = above.flatMap((pid) => ports.processes.identify(pid) ?? []);
  const isAround = (one: AgentProcess): boolean => around.some(({ pid, start }) => pid === one.pid && start === one.start);
  const here = ports.state.sessions().filter((session) => isOf(session, agent) && isWithin(session, isAround));
  const claimed = sessions.get(agent.name, claims);
  if (here.length > 0) return here.find(({ id }) => id === claims) ?? (here.length === 1 ? here[0] : undefined);
  if (claimed === undefined || claimed.endedAt !== undefined) return undefined;
  const process = processOf(claimed);
  return process !== undefined && ports.processes.isAlive(process) ? undefined : claimed;
}

function isOf({ agent, endedAt }: SessionRecord, { name }: AgentRef): boolean {
  return agent === name && endedAt === undefined;
}

function isWithin(session: SessionRecord, isAround: (process: AgentProcess) => boolean): boolean {
  const process = processOf(session);
  return process !== undefined && isAround(process);
}
