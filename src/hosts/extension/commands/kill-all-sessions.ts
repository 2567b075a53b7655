import * as vscode from 'vscode';
import type { KillAllResult } from '../../../channel/messages.ts';
import type { CliResult } from '../cli.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';

const reason = 'all were killed in the editor';

type Cli = (args: readonly string[]) => Promise<CliResult>;

/**
 * The emergency stop. It asks nothing: who presses it has no time, its keys cannot be hit by accident, and what it does can be taken
 * back: each session can be revived and resumed where it was.
 */
export function registerKillAllSessions(connection: Connection, cli: Cli): vscode.Disposable {
  return vscode.commands.registerCommand(commands.killAllSessions, async () => {
    try {
      report(await connection.call('killAll', { reason, surface: 'editor' }));
    } catch {
      // Without a governor the command line starts one.
      await throughCli(cli);
    }
  });
}

function report({ sessions, message, unreachable }: KillAllResult): void {
  const isLeft = unreachable.length > 0 || sessions.some(({ left }) => left.length > 0);
  if (isLeft) void vscode.window.showErrorMessage(withoutLinks(message));
  else void vscode.window.showInformationMessage(withoutLinks(message));
}

async function throughCli(cli: Cli): Promise<void> {
  const { exitCode, stdout, stderr } = await cli(['kill', '--all', '--reason', reason]);
  if (exitCode === 0) void vscode.window.showInformationMessage(withoutLinks(stdout.trim()));
  else void vscode.window.showErrorMessage(couldNot('kill all sessions', stdout.trim() || stderr.trim()));
}
