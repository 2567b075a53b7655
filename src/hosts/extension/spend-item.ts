import * as vscode from 'vscode';
import type { SpendSum } from '../../engine/spend/report.ts';
import type { Connection } from './connection.ts';
import { commands, settings } from './contributions.ts';
import { onSpend } from './spend-changes.ts';
import { spendItemText } from './spend-item-text.ts';
import { windowState } from './window-state.ts';

/** The session's and the day's cost in the status bar, for those who want it there. */
export function registerSpendItem(connection: Connection): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('countersign.spend', vscode.StatusBarAlignment.Right, 99);
  item.name = 'Countersign: spend';
  item.command = commands.openSpend;
  const refresh = async (): Promise<void> => {
    if (!vscode.workspace.getConfiguration('countersign').get(settings.statusBarCost, false)) return item.hide();
    const text = spendItemText(connection.snapshot?.sessions ?? [], windowState().folders, await today(connection));
    item.text = text.text;
    item.tooltip = text.tooltip;
    item.accessibilityInformation = { label: text.tooltip };
    item.show();
  };
  const tell = (): void => void refresh();
  tell();
  // The day ends while nothing is spent.
  const timer = setInterval(tell, 60_000);
  return vscode.Disposable.from(item, onSpend(connection, tell), vscode.workspace.onDidChangeConfiguration(tell), {
    dispose: () => clearInterval(timer),
  });
}

/** `undefined` where it cannot be known now. */
async function today(connection: Connection): Promise<SpendSum | undefined> {
  const now = new Date();
  const midnight = (days: number): number => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const query = { since: midnight(0), until: midnight(1), by: 'agent', step: 'day', timeZone } as const;
  return connection.call('spend', query).then(
    ({ total }) => total,
    () => undefined,
  );
}
