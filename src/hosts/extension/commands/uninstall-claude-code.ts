import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Hooks } from '../hooks.ts';

/** Takes every trace of our hooks out of Claude Code again, after asking. */
export function registerUninstallClaudeCode(hooks: Hooks): vscode.Disposable {
  return vscode.commands.registerCommand(commands.uninstallClaudeCode, async () => hooks.uninstall());
}
