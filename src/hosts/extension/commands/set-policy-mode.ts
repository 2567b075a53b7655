import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Mode } from '../../../engine/decision.ts';
import { couldNot } from '../complaints.ts';
import { commands } from '../contributions.ts';
import type { RuleDesk } from '../load-rule-desk.ts';
import type { PolicyNode } from '../policies-tree.ts';
import { reviewReplacement } from '../review-insertion.ts';

/** Has one policy observe, or enforce: in its file, and left unsaved for the person to look at. */
export function registerSetPolicyMode(desk: () => Promise<RuleDesk>): vscode.Disposable {
  const set = async (mode: Mode, node?: PolicyNode): Promise<void> => {
    const { file, policy, label = '' } = node?.row ?? {};
    if (file === undefined || policy === undefined) return void vscode.commands.executeCommand(commands.showPolicies);
    try {
      const uri = vscode.Uri.file(file);
      const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
      const source = open?.getText() ?? (await readFile(file, 'utf8'));
      await reviewReplacement(uri, (await desk()).withMode(source, policy, mode));
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(`have ${label} ${mode}`, cause));
    }
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.observePolicy, async (node?: PolicyNode) => set('observe', node)),
    vscode.commands.registerCommand(commands.enforcePolicy, async (node?: PolicyNode) => set('enforce', node)),
  );
}
