import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Hooks } from '../hooks.ts';

/** Puts our hooks into Claude Code, after showing what would change. */
export function registerInstallClaudeCode(hooks: Hooks): vscode.Disposable {
  return vscode.commands.registerCommand(commands.installClaudeCode, async () => hooks.install());
}
