import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/agent.ts';
import { codex } from './codex/agent.ts';
import { copilotCli } from './copilot-cli/agent.ts';
import { vscodeChat } from './vscode/agent.ts';
import { gemini } from './gemini/agent.ts';
import { qwen } from './qwen/agent.ts';
/** Every agent whose hooks we understand, by its name. */
const all: readonly Agent[] = [claudeCode, codex, copilotCli, vscodeChat, gemini, qwen];

export const agents: ReadonlyMap<string, Agent> = new Map(all.map((agent) => [agent.name, agent]));
