import { codexInstaller } from './codex.ts';
import type { Installer } from './installer.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
export const installers: ReadonlyMap<string, Installer> = new Map([codexInstaller].map((installer) => [installer.agent, installer]));
