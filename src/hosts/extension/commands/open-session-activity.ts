import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** What one session did, in the log. */
export function registerOpenSessionActivity(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openSessionActivity, async (chosen?: SessionView) => {
    const session = chosen ?? (await pickSession(connection, 'Open the activity of which session?', () => true));
    if (session) await vscode.commands.executeCommand(commands.openActivity, { sessions: [session.id] });
  });
}
