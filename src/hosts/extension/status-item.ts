import * as vscode from 'vscode';
import type { Connection } from './connection.ts';
import { commands, settings } from './contributions.ts';
import type { InstalledHooks } from './installed-hooks.ts';
import { statusText } from './status-text.ts';
import { realFolders } from './window-state.ts';

const backgrounds = { none: undefined, warning: 'statusBarItem.warningBackground', error: 'statusBarItem.errorBackground' } as const;

/** What waits, and whether agents are governed, in the status bar. */
export function registerStatusItem(connection: Connection, hooks: InstalledHooks): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('countersign.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Countersign';
  const draw = (): void => {
    const { text, tooltip, colour, onlyObserves } = statusText(connection.link, connection.snapshot, hooks.missing, realFolders());
    const background = backgrounds[colour];
    item.text = text;
    item.command = onlyObserves ? commands.showPolicies : commands.showApprovals;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip };
    item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    if (vscode.workspace.getConfiguration('countersign').get(settings.statusBar, true)) item.show();
    else item.hide();
  };
  connection.events.on('change', draw);
  connection.events.on('reset', draw);
  hooks.events.on('change', draw);
  draw();
  return vscode.Disposable.from(item, vscode.workspace.onDidChangeConfiguration(draw));
}
