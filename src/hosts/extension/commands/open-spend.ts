import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { SpendPanel } from '../spend-panel.ts';

export function registerOpenSpend(panel: SpendPanel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openSpend, () => panel.open());
}
