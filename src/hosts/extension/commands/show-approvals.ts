import * as vscode from 'vscode';
import type { ApprovalsPanel } from '../approvals-panel.ts';
import { commands } from '../contributions.ts';

/** Brings the inbox to the front, with the keyboard in it. */
export function registerShowApprovals(inbox: ApprovalsPanel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.showApprovals, async () => inbox.focus());
}
