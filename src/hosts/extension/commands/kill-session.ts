import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

const kill = 'Kill';
const ungoverned = 'nothing else is done: its calls do not reach Countersign, so it could be started again';

/** Ends a session now and refuses the rest of its calls, after asking once. */
export function registerKillSession(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.killSession, async (chosen?: SessionView) => {
    const session =
      chosen ?? (await pickSession(connection, 'Kill which session?', ({ state }) => state !== 'killed' && state !== 'ended'));
    if (!session) return;
    const then = session.governed?.by === 'none' ? ungoverned : 'all further calls of the session are refused until you revive it';
    const detail = `${withoutLinks(session.cwd)}\n\nIts processes end now, and ${then}.`;
    const pressed = await vscode.window.showWarningMessage(
      `Kill this session of ${withoutLinks(session.agent)}?`,
      { modal: true, detail },
      kill,
    );
    if (pressed !== kill) return;
    try {
      const { message, left } = await connection.call('kill', { session: session.id, reason: 'killed in the editor', surface: 'editor' });
      if (left.length > 0) void vscode.window.showErrorMessage(withoutLinks(message));
      else void vscode.window.showInformationMessage(withoutLinks(message));
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('kill the session', cause));
    }
  });
}
