import * as vscode from 'vscode';
import { commands, views } from '../contributions.ts';

export function registerShowPolicies(): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showPolicies, async () => vscode.commands.executeCommand(`${views.policies}.focus`));
}
