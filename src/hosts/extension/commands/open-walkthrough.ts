import * as vscode from 'vscode';
import { commands, walkthrough } from '../contributions.ts';
import type { Progress } from '../progress.ts';

/** The first five minutes, on the editor's welcome page. */
export function registerOpenWalkthrough(extension: string, progress: Progress): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openWalkthrough, async () => {
    await progress.during(async () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension}#${walkthrough}`, false),
    );
  });
}
