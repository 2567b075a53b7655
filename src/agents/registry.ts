import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/agent.ts';
import { copilotCli } from './copilot-cli/agent.ts';
import { vscodeChat } from './vscode/agent.ts';

/** Every agent whose hooks we understand, by its name. */
export const agents: ReadonlyMap<string, Agent> = new Map([claudeCode, copilotCli, vscodeChat].map((agent) => [agent.name, agent]));
