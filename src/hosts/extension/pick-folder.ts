import * as vscode from 'vscode';

/** The workspace's folder: the only one, or the one a person picks. */
export async function pickFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  return folder?.uri.fsPath;
}
