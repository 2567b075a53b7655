import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import type { WindowState } from '../../channel/messages.ts';
import type { Connection } from './connection.ts';

/** What decides which window is asked first. */
export function windowState(): WindowState {
  return {
    folders: (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
    focused: vscode.window.state.focused,
  };
}

/** Keeps the governor informed about this window's folders and focus. */
export function registerWindowState(connection: Connection, log: vscode.LogOutputChannel): vscode.Disposable {
  const tell = (): void => {
    if (connection.link.state !== 'governed') return;
    connection
      .call('window', windowState())
      .catch((cause: unknown) => log.warn(`The governor was not told about this window: ${String(cause)}`));
  };
  return vscode.Disposable.from(vscode.window.onDidChangeWindowState(tell), vscode.workspace.onDidChangeWorkspaceFolders(tell));
}

/** Where links lead: workspaces go by that. */
export function realFolders(): readonly string[] {
  return windowState().folders.map((folder) => {
    try {
      return realpathSync(folder);
    } catch {
      return folder;
    }
  });
}
