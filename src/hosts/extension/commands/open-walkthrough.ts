import * as vscode from 'vscode';
import { commands, walkthrough } from '../contributions.ts';

/** The first five minutes, on the editor's welcome page. */
export function registerOpenWalkthrough(extension: string): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openWalkthrough, async () => {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension}#${walkthrough}`, false);
  });
}
