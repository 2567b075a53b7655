import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import type { CliResult } from '../cli.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

type Cli = (args: readonly string[]) => Promise<CliResult>;

/** Starts the session's client once more, in the same way, for one call that must be refused. The session itself hears nothing of it. */
export function registerProveSession(connection: Connection, cli: Cli): vscode.Disposable {
  return vscode.commands.registerCommand(commands.proveSession, async (chosen?: SessionView) => {
    const session =
      chosen ?? (await pickSession(connection, 'Prove which session?', ({ state }) => state !== 'killed' && state !== 'ended'));
    if (!session) return;
    const progress = { location: vscode.ProgressLocation.Notification, title: 'Having a call refused…' };
    const { exitCode, stdout, stderr } = await vscode.window.withProgress(progress, async () => cli(['sessions', 'prove', session.id]));
    if (exitCode === 0) void vscode.window.showInformationMessage(withoutLinks(stdout.trim()));
    else if (exitCode === 2) void vscode.window.showWarningMessage(withoutLinks(`Not proven: ${stdout.trim()}`));
    else void vscode.window.showErrorMessage(couldNot('prove it', stderr.trim()));
  });
}
