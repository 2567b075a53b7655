import type { Agent } from '../agents/agent.ts';
import type { HookContext } from './office.ts';

/** The agent that a message comes from: the one whose hook it is, or another whose client ran that hook. */
export function speakerOf(agents: ReadonlyMap<string, Agent>, name: string, message: unknown): Agent | undefined {
  for (const agent of agents.values()) if (agent.borrows?.(name, message) === true) return agent;
  return agents.get(name);
}

/** A process that is not the agent's alone is not known as the agent's: nobody ends it by ending a session. */
export function contextOf({ sharesProcess }: Agent, context: HookContext): HookContext {
  if (sharesProcess !== true) return context;
  const { pid: _, ...rest } = context;
  return rest;
}
