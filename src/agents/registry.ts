import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/agent.ts';
import { codex } from './codex/agent.ts';
import { copilotCli } from './copilot-cli/agent.ts';
import { vscodeChat } from './vscode/agent.ts';

/** Every agent whose hooks we understand, by its name. */
const all: readonly Agent[] = [claudeCode, codex, copilotCli, vscodeChat];

export const agents: ReadonlyMap<string, Agent> = new Map(all.map((agent) => [agent.name, agent]));
