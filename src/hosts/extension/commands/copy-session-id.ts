import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** For the command line, which takes it. */
export function registerCopySessionId(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.copySessionId, async (chosen?: SessionView) => {
    const session = chosen ?? (await pickSession(connection, 'Copy the ID of which session?', () => true));
    if (session) await vscode.env.clipboard.writeText(session.id);
  });
}
