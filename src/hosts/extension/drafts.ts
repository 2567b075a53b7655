import * as vscode from 'vscode';
import type { EditedPolicies } from './language/edited-policies.ts';
import type { Draft } from './replay-process.ts';

/** Policies that are not on the disk as they are here. */
export function draftsIn(documents: EditedPolicies): readonly Draft[] {
  return vscode.workspace.textDocuments
    .filter((document) => (document.isDirty || document.isUntitled) && isPolicy(documents, document))
    .map(draftOf);
}

export function isPolicy(documents: EditedPolicies, document: vscode.TextDocument): boolean {
  return documents.isEdited(document) && !/\.test\.ya?ml$/i.test(document.uri.path);
}

export function draftOf(document: vscode.TextDocument): Draft {
  return { path: document.uri.fsPath, text: document.getText() };
}
