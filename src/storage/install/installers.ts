import { clineInstaller } from './cline.ts';
import { codexInstaller } from './codex.ts';
import { copilotCliInstaller } from './copilot-cli.ts';
import { cursorInstaller } from './cursor.ts';
import type { Installer } from './installer.ts';
import { kiroInstaller } from './kiro.ts';
import { opencodeInstaller } from './opencode.ts';
import { windsurfInstaller } from './windsurf.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
const all: readonly Installer[] = [
  codexInstaller,
  copilotCliInstaller,
  opencodeInstaller,
  clineInstaller,
  cursorInstaller,
  windsurfInstaller,
  kiroInstaller,
];

export const installers: ReadonlyMap<string, Installer> = new Map(all.map((installer) => [installer.agent, installer]));
