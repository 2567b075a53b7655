import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CliResult } from './cli.ts';
import { couldNot, withoutLinks } from './complaints.ts';
import { settings } from './contributions.ts';
import { homeFolder } from './state-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Cli = (args: readonly string[]) => Promise<CliResult>;

/**
 * VS Code runs the hooks of our chat plugin while the setting is on; here is seen to what they start. They refuse every call of its chat
 * where that is not there.
 */
export function registerChatHooks(environment: Environment, cli: Cli): vscode.Disposable {
  const follow = (changed: boolean): void =>
    void see(environment, cli, changed).catch((cause: unknown) =>
      vscode.window.showErrorMessage(couldNot('do what countersign.governVsCodeChat says', cause)),
    );
  follow(false);
  return vscode.workspace.onDidChangeConfiguration((change) => {
    const changed = change.affectsConfiguration(`countersign.${settings.governVsCodeChat}`);
    if (changed || needed.some((name) => change.affectsConfiguration(`chat.${name}`))) follow(changed);
  });
}

async function see(environment: Environment, cli: Cli, changed: boolean): Promise<void> {
  const isWanted = vscode.workspace.getConfiguration('countersign').get(settings.governVsCodeChat, false);
  if (!isWanted) return changed ? run(cli, 'uninstall') : undefined;
  // Hooks start in the environment of this process, which knows nothing of the setting for the state folder.
  const home = environment['COUNTERSIGN_HOME'];
  if (home !== undefined) process.env['COUNTERSIGN_HOME'] = home;
  const isThere = ['hook', 'vscode.json'].every((name) => existsSync(join(homeFolder(environment), 'agents', name)));
  if (!isThere) await run(cli, 'install');
  warnIfOff();
}

async function run(cli: Cli, command: 'install' | 'uninstall'): Promise<void> {
  const { exitCode, stderr } = await cli([command, 'vscode', '--yes']);
  if (exitCode !== 0) throw new Error(stderr.trim());
}

const needed = ['plugins.enabled', 'useHooks'];

/** An editor that knows no such plugins has no such setting either. */
function warnIfOff(): void {
  const chat = vscode.workspace.getConfiguration('chat');
  const off = needed.filter((name) => chat.get(name) !== true);
  if (off.length === 0) return;
  const names = off.map((name) => `chat.${name}`).join(' and ');
  void vscode.window.showWarningMessage(withoutLinks(`VS Code’s chat is not governed: ${names} must be on.`));
}
