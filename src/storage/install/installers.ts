import { codexInstaller } from './codex.ts';
import { copilotCliInstaller } from './copilot-cli.ts';
import type { Installer } from './installer.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
const all: readonly Installer[] = [codexInstaller, copilotCliInstaller];

export const installers: ReadonlyMap<string, Installer> = new Map(all.map((installer) => [installer.agent, installer]));
