import { basename } from 'node:path';
import * as vscode from 'vscode';
import { couldNot } from '../complaints.ts';

/** Opens a policy at a line, counted from 1: where it is open already, else beside the page that asks. */
export async function openPlace(file: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const shown = vscode.window.visibleTextEditors.find(({ document }) => isAt(document, file));
  try {
    await vscode.window.showTextDocument(
      shown?.document ?? vscode.workspace.textDocuments.find((one) => isAt(one, file)) ?? (await read(file)),
      {
        selection: new vscode.Range(at, at),
        viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      },
    );
  } catch (cause) {
    void vscode.window.showErrorMessage(couldNot('open the policy', cause));
  }
}

async function read(file: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(vscode.Uri.file(file));
}

/** What was never saved is known by its name only. */
function isAt({ uri, isUntitled }: vscode.TextDocument, file: string): boolean {
  return isUntitled ? basename(uri.fsPath) === basename(file) : uri.scheme === 'file' && uri.fsPath === file;
}
