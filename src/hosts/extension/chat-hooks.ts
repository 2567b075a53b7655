import * as vscode from 'vscode';
import { couldNot } from './complaints.ts';
import { settings } from './contributions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * VS Code runs the hooks of our chat plugin while the setting is on; here is seen to what they start. They refuse every call of its chat
 * where that is not there.
 */
export function registerChatHooks(environment: Environment, script: string, log: vscode.LogOutputChannel): vscode.Disposable {
  const follow = (changed: boolean): void =>
    void see(environment, script, changed).catch((cause: unknown) => {
      log.error(String(cause));
      void vscode.window.showErrorMessage(couldNot('govern VS Code’s chat, so none of its calls runs', cause));
    });
  follow(false);
  return vscode.workspace.onDidChangeConfiguration((change) => {
    const changed = change.affectsConfiguration(`countersign.${settings.governVsCodeChat}`);
    if (changed || needed.some((name) => change.affectsConfiguration(`chat.${name}`))) follow(changed);
  });
}

async function see(environment: Environment, script: string, changed: boolean): Promise<void> {
  const isWanted = vscode.workspace.getConfiguration('countersign').get(settings.governVsCodeChat, false);
  if (!isWanted && !changed) return;
  const { putLauncher, dropLauncher } = await import('./chat-launcher.ts');
  if (!isWanted) return dropLauncher(environment);
  // Hooks start in the environment of this process, which knows nothing of the setting for the state folder.
  const home = environment['COUNTERSIGN_HOME'];
  if (home !== undefined) process.env['COUNTERSIGN_HOME'] = home;
  putLauncher(environment, script);
  warnIfOff();
}

const needed = ['plugins.enabled', 'useHooks'];

/** An editor that knows no such plugins has no such setting either. */
function warnIfOff(): void {
  const chat = vscode.workspace.getConfiguration('chat');
  const off = needed.filter((name) => chat.get(name) !== true);
  if (off.length === 0) return;
  void vscode.window.showWarningMessage(
    `VS Code’s chat is not governed: ${off.map((name) => `chat.${name}`).join(' and ')} must be on, or this editor does not know them.`,
  );
}
