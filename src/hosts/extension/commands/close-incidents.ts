import * as vscode from 'vscode';
import type { Problem } from '../../../channel/messages.ts';
import { visibleText } from '../../../engine/guardrail/visible-text.ts';
import { couldNot } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';

/** A person says that they have seen what ran without us. `problem`: which one; left out, all of them. */
export function registerCloseIncidents(connection: Connection): vscode.Disposable {
  return vscode.commands.registerCommand(commands.closeIncidents, async (problem?: unknown) => {
    const problems = (connection.snapshot?.status.problems ?? []).filter(isAboutIncidents);
    const chosen = typeof problem === 'string' ? problems.filter(({ id }) => id === problem) : problems;
    if (chosen.length === 0) return void vscode.window.showInformationMessage('There is no open incident.');
    const reason = await vscode.window.showInputBox({
      title: 'Mark as seen',
      prompt: `${chosen.map(({ message }) => visibleText(message)).join(' ')} It stays in the log, with your name and reason.`,
      placeHolder: 'Why it is settled (optional)',
      ignoreFocusOut: true,
    });
    if (reason !== undefined) await close(connection, chosen, reason);
  });
}

async function close(connection: Connection, problems: readonly Problem[], reason: string): Promise<void> {
  try {
    const seqs = problems.flatMap(({ incidents = [] }) => incidents).slice(0, 100);
    await connection.call('closeIncidents', { seqs, reason, surface: 'editor' });
  } catch (cause) {
    void vscode.window.showErrorMessage(couldNot('mark it as seen', cause));
  }
}

function isAboutIncidents({ incidents = [] }: Problem): boolean {
  return incidents.length > 0;
}
