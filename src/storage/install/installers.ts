import { codexInstaller } from './codex.ts';
import { copilotCliInstaller } from './copilot-cli.ts';
import { geminiInstaller } from './gemini.ts';
import type { Installer } from './installer.ts';
import { qwenInstaller } from './qwen.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
const all: readonly Installer[] = [codexInstaller, copilotCliInstaller, geminiInstaller, qwenInstaller];

export const installers: ReadonlyMap<string, Installer> = new Map(all.map((installer) => [installer.agent, installer]));
