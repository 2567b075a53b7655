import * as vscode from 'vscode';
import { commands } from '../contributions.ts';

export function registerShowLog(log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showLog, () => log.show());
}
