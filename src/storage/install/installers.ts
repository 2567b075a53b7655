import { copilotCliInstaller } from './copilot-cli.ts';
import type { Installer } from './installer.ts';

/** Agents whose hooks stand in files of their own. Claude Code has a plugin instead. */
export const installers: ReadonlyMap<string, Installer> = new Map(list().map((installer) => [installer.agent, installer]));

function list(): readonly Installer[] {
  return [copilotCliInstaller];
}
