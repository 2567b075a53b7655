import * as vscode from 'vscode';
import type { Inserted } from '../../engine/policy/add-pack.ts';
import { withoutLinks } from './complaints.ts';
import type { TextChange } from '../../engine/policy/set-mode.ts';
import { type PolicyTarget, uriOf } from './policy-target.ts';

/** Puts the rule into the file's document and shows it. Saving is the person's: until then nothing is in force. */
export async function reviewInsertion(
  target: Pick<PolicyTarget, 'file' | 'exists'>,
  added: Omit<Inserted, 'source'>,
  what = 'rule',
): Promise<void> {
  const uri = uriOf(target);
  if (!(await mayGoIn(uri, added, what))) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, document.positionAt(added.offset), added.inserted);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('the editor did not take the change');
  const first = new vscode.Position(added.line - 1, 0);
  const last = document.positionAt(added.offset + added.inserted.length);
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(first, last) });
  editor.revealRange(new vscode.Range(first, last), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  void vscode.window.showInformationMessage(withoutLinks(`Look at the selected ${what}, and save the file to put it in force.`));
}

/** Puts another text into a file's document and shows it. Saving is the person's. */
export async function reviewReplacement(uri: vscode.Uri, change: TextChange): Promise<void> {
  if (!(await mayGoIn(uri, change, 'change'))) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const range = new vscode.Range(document.positionAt(change.offset), document.positionAt(change.offset + change.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, range, change.inserted);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('the editor did not take the change');
  const selection = new vscode.Range(range.start, document.positionAt(change.offset + change.inserted.length));
  await vscode.window.showTextDocument(document, { selection });
  void vscode.window.showInformationMessage('Look at the selected change, and save the file to put it in force.');
}

/** Where the editor saves by itself, showing the rule would put it in force: then the person is asked before. */
async function mayGoIn(uri: vscode.Uri, { inserted }: Pick<Inserted, 'inserted'>, what: string): Promise<boolean> {
  const saving = vscode.workspace.getConfiguration('files', uri).get<string>('autoSave', 'off');
  if (saving === 'off' || uri.scheme === 'untitled') return true;
  const detail = `Your editor saves files by itself (files.autoSave), so this is in force at once:\n\n${inserted.trim()}`;
  return (await vscode.window.showWarningMessage(withoutLinks(`Add this ${what}?`), { modal: true, detail }, 'Add')) === 'Add';
}
