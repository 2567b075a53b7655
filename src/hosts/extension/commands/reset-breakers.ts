import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** Lets a session go on that a circuit breaker of a budget stopped. */
export function registerResetBreakers(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.resetBreakers, async (chosen?: SessionView) => {
    const isOver = ({ state }: SessionView): boolean => state === 'killed' || state === 'ended';
    const session = chosen ?? (await pickSession(connection, 'Reset the circuit breakers of which session?', (each) => !isOver(each)));
    if (!session) return;
    try {
      await connection.call('resetBreakers', { session: session.id, surface: 'editor' });
      void vscode.window.showInformationMessage(
        `The session of ${withoutLinks(session.agent)} may go on: what it did before counts no more.`,
      );
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('reset the circuit breakers', cause));
    }
  });
}
