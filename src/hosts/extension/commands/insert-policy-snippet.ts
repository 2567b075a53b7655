import * as vscode from 'vscode';
import { couldNot } from '../complaints.ts';
import { commands } from '../contributions.ts';
import type { PolicyDesk } from '../load-policy-desk.ts';
import type { EditedPolicies } from '../language/edited-policies.ts';
import { type PolicySnippet, policySnippets, snippetText } from '../policy-snippets.ts';
import { pickPolicyFile, uriOf } from '../policy-target.ts';

/**
 * Puts a piece of a policy where it fits: below the rule where the cursor is, at the end of the rules, or as a policy of its own. A
 * command, because the editor would offer contributed snippets in every YAML file.
 */
export function registerInsertPolicySnippet(
  documents: EditedPolicies,
  userPolicies: string,
  desk: () => Promise<PolicyDesk>,
): vscode.Disposable {
  return vscode.commands.registerCommand(commands.insertPolicySnippet, async () => {
    try {
      const snippet = await pickSnippet();
      const editor = snippet && (activePolicy(documents) ?? (await chosenPolicy(userPolicies)));
      if (snippet && editor) await insert(editor, snippet, await desk());
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('insert the snippet', cause));
    }
  });
}

async function pickSnippet(): Promise<PolicySnippet | undefined> {
  const items = policySnippets.map((snippet) => ({ label: snippet.label, detail: snippet.detail, snippet }));
  return (await vscode.window.showQuickPick(items, { title: 'Insert a piece of a policy', matchOnDetail: true }))?.snippet;
}

function activePolicy(documents: EditedPolicies): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor !== undefined && documents.isEdited(editor.document) && !isTestFile(editor.document) ? editor : undefined;
}

function isTestFile({ uri }: vscode.TextDocument): boolean {
  return /\.test\.ya?ml$/i.test(uri.path);
}

async function chosenPolicy(userPolicies: string): Promise<vscode.TextEditor | undefined> {
  const target = await pickPolicyFile(userPolicies, false);
  return target && vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(target)));
}

async function insert(editor: vscode.TextEditor, snippet: PolicySnippet, desk: PolicyDesk): Promise<void> {
  const { document, selection } = editor;
  const source = document.getText();
  const place = snippet.kind === 'rule' ? desk.placeFor(source, document.offsetAt(selection.active)) : undefined;
  const before = place?.before ?? separator(source);
  const at = document.positionAt(place?.offset ?? source.length);
  const text = new vscode.SnippetString(before + snippetText(snippet, place?.indent));
  await editor.insertSnippet(text, at, { undoStopBefore: true, undoStopAfter: true, keepWhitespace: true });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function separator(source: string): string {
  if (source.trim() === '') return '';
  return source.endsWith('\n') ? '---\n' : '\n---\n';
}
