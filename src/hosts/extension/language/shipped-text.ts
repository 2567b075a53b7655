import { sep } from 'node:path';
import * as vscode from 'vscode';
import type { Desk } from './desk.ts';

/** Policies that we ship are shown from here: nobody should change them in place. */
export const scheme = 'countersign-policy';

export function shippedUri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${path.split(sep).slice(-2).join('/')}` });
}

export function registerShippedText(desk: Desk): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ path }) => (await desk()).shippedText(path),
  });
}
