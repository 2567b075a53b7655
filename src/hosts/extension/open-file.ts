import * as vscode from 'vscode';

/** Opens a file in an editor, at a line counted from 1. */
export async function openAt(file: string, line = 1): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
