import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** In a window of its own: the person's folders stay open. An agent named the folder, so the window asks whether it is trusted. */
export function registerOpenSessionFolder(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openSessionFolder, async (chosen?: SessionView) => {
    const session = chosen ?? (await pickSession(connection, 'Open the folder of which session?', ({ cwd }) => cwd !== ''));
    if (!session) return;
    if (session.cwd === '') void vscode.window.showInformationMessage('The folder of this session is not known.');
    else await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(session.cwd), { forceNewWindow: true });
  });
}
