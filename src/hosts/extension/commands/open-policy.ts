import * as vscode from 'vscode';
import { couldNot } from '../complaints.ts';
import { commands } from '../contributions.ts';
import { openAt } from '../open-file.ts';
import type { PolicyNode } from '../policies-tree.ts';

/** Opens the source of a line of the Policies view, or shows where its file lies. */
export function registerOpenPolicy(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.openPolicy, async (node?: PolicyNode) => {
      const { file, line = 1 } = node?.row ?? {};
      if (file === undefined) return vscode.commands.executeCommand(commands.showPolicies);
      return openAt(file, line).catch((cause: unknown) => vscode.window.showErrorMessage(couldNot('open the policy', cause)));
    }),
    vscode.commands.registerCommand(commands.revealPolicy, async (node?: PolicyNode) => {
      if (node?.row.file === undefined) return;
      const uri = vscode.Uri.file(node.row.file);
      const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
      await vscode.commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', uri);
    }),
  );
}
