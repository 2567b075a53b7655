import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import { couldNot } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** Lets a killed session be resumed. */
export function registerReviveSession(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.reviveSession, async (chosen?: SessionView) => {
    const session = chosen ?? (await pickSession(connection, 'Revive which session?', ({ state }) => state === 'killed'));
    if (!session) return;
    try {
      await connection.call('revive', { session: session.id, surface: 'editor' });
      void vscode.window.showInformationMessage(
        `The session of ${session.agent} may be resumed: its calls are judged again instead of refused.`,
      );
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('revive the session', cause));
    }
  });
}
