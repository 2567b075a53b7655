import { clineInstaller } from './cline.ts';
import { codexInstaller } from './codex.ts';
import { copilotCliInstaller } from './copilot-cli.ts';
import { cursorInstaller } from './cursor.ts';
import { geminiInstaller } from './gemini.ts';
import { kiroInstaller } from './kiro.ts';
import { opencodeInstaller } from './opencode.ts';
import { qwenInstaller } from './qwen.ts';
import { windsurfInstaller } from './windsurf.ts';
import { vscodeChatInstaller } from './vscode-chat.ts';
import type { Installer } from './installer.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
const all: readonly Installer[] = [
  codexInstaller,
  copilotCliInstaller,
  vscodeChatInstaller,
  geminiInstaller,
  qwenInstaller,
  opencodeInstaller,
  clineInstaller,
  cursorInstaller,
  windsurfInstaller,
  kiroInstaller,
];

export const installers: ReadonlyMap<string, Installer> = new Map(all.map((installer) => [installer.agent, installer]));
