import * as vscode from 'vscode';
import type { ApprovalsPanel } from '../approvals-panel.ts';
import { commands } from '../contributions.ts';

/** Approves the call that is selected in the inbox. */
export function registerApprove(inbox: ApprovalsPanel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.approve, async () => inbox.press('approve'));
}
