import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Hooks } from '../hooks.ts';

/** Puts our hooks where only an administrator changes them, after showing what would change; the system asks for the password. */
export function registerInstallManaged(hooks: Hooks): vscode.Disposable {
  return vscode.commands.registerCommand(commands.installManaged, async () => hooks.installManaged());
}
