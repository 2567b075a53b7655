import * as vscode from 'vscode';
import type { ApprovalsPanel } from '../approvals-panel.ts';
import { commands } from '../contributions.ts';

/** Denies the call that is selected in the inbox. */
export function registerDeny(inbox: ApprovalsPanel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.deny, async () => inbox.press('deny'));
}
