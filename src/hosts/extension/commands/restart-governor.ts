import * as vscode from 'vscode';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';

/** Ends the governor, where there is one, and connects again, which starts it. What waits for approval is kept. */
export function registerRestartGovernor(connection: Connection, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.restartGovernor, async () => {
    if (connection.link.state === 'governed') {
      // The line may break before the answer arrives: that is what we asked for.
      await connection
        .call('shutdown', { reason: 'restarted from the editor' })
        .catch((cause: unknown) => log.info(`While restarting: ${String(cause)}`));
    }
    connection.retry();
  });
}
