import * as vscode from 'vscode';
import { budgetNotices } from './budget-notice-text.ts';
import type { Connection } from './connection.ts';
import { notificationsWanted } from './notifications.ts';

/** Says so when a budget is nearly or wholly used up, once in each window that is open then. */
export function registerBudgetNotices(connection: Connection, show: () => Promise<void>): vscode.Disposable {
  let seen: ReadonlySet<string> = new Set();
  const look = (tells: boolean): void => {
    const { notices, known } = budgetNotices(connection.snapshot?.status.problems ?? [], seen);
    seen = known;
    if (tells && notificationsWanted()) for (const text of notices) void tell(text, show);
  };
  connection.events.on('change', () => look(true));
  // What was told before this window came is in its inbox.
  connection.events.on('reset', () => look(false));
  return { dispose: () => undefined };
}

async function tell(text: string, show: () => Promise<void>): Promise<void> {
  if ((await vscode.window.showWarningMessage(text, 'Show')) !== undefined) await show();
}
