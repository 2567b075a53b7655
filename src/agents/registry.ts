import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/agent.ts';
import { codex } from './codex/agent.ts';

/** Every agent whose hooks we understand, by its name. */
export const agents: ReadonlyMap<string, Agent> = new Map([claudeCode, codex].map((agent) => [agent.name, agent]));
