import * as vscode from 'vscode';
import { tryFrom } from '../../../webview/try/messages.ts';
import { commands } from '../contributions.ts';
import type { TryPanel } from '../try/try-panel.ts';

/** What would be decided on a call, and why? Asked from a rule, from an entry of the log, or from nowhere. */
export function registerTryCall(panel: TryPanel): vscode.Disposable {
  return vscode.commands.registerCommand(commands.tryCall, (from?: unknown) => panel.try(tryFrom.safeParse(from).data ?? {}));
}
