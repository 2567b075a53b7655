import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/agent.ts';
import { cline } from './cline/agent.ts';
import { codex } from './codex/agent.ts';
import { copilotCli } from './copilot-cli/agent.ts';
import { cursor } from './cursor/agent.ts';
import { gemini } from './gemini/agent.ts';
import { kiro } from './kiro/agent.ts';
import { opencode } from './opencode/agent.ts';
import { qwen } from './qwen/agent.ts';
import { vscodeChat } from './vscode/agent.ts';
import { windsurf } from './windsurf/agent.ts';

/** Every agent whose hooks we understand. */
const all: readonly Agent[] = [claudeCode, codex, copilotCli, vscodeChat, gemini, qwen, opencode, cline, cursor, windsurf, kiro];

/** By its name. */
export const agents: ReadonlyMap<string, Agent> = new Map(all.map((agent) => [agent.name, agent]));
