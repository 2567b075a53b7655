import { existsSync } from 'node:fs';
import { vscodeChat } from '../../agents/vscode/agent.ts';
import { openHome } from '../../storage/home.ts';
import { launchedCommand, type HookProgram } from '../../storage/install/hook-command.ts';
import { forgetInstalled, saveInstalled } from '../../storage/install/installed-record.ts';
import { removeLauncher, renderLauncher, renewLauncher } from '../../storage/install/launcher.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The hooks of our chat plugin start the same program as those of agents that are installed by command: theirs stays as it is. */
export function putLauncher(environment: Environment, script: string): void {
  const wish = {
    home: openHome(environment),
    version: '',
    environment: { ...environment },
    choices: [],
    runtime: process.execPath,
    script,
    isElectron: process.versions['electron'] !== undefined,
  };
  saveInstalled(vscodeChat.name, wish);
  if (!isThere(wish)) renderLauncher(wish);
  else renewLauncher(wish);
}

/** It stays while another agent's hooks start it. */
export function dropLauncher(environment: Environment): void {
  const home = openHome(environment);
  if (forgetInstalled(home, vscodeChat.name) === 0) removeLauncher(home);
}

function isThere(program: HookProgram): boolean {
  const { launcher } = launchedCommand(program);
  return launcher !== undefined && existsSync(launcher);
}
