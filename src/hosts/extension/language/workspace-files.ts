import { homedir } from 'node:os';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { WorkspaceFiles } from '../language-desk.ts';

/** A workspace with more files is not asked whether one of them matches a pattern. */
const most = 20_000;
const freshMs = 60_000;

/** The files of the folders that policies are about, looked for now and then. */
export class FilesAround {
  readonly #known = new Map<string, { readonly at: number; readonly files: Promise<WorkspaceFiles | undefined> }>();

  /** `undefined` where the policy is about no folder, is about no paths, or its folder has too many files. */
  async around(document: vscode.TextDocument): Promise<WorkspaceFiles | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (folder === undefined || !/[/\\]\.countersign[/\\][^/\\]+$/.test(document.uri.fsPath)) return undefined;
    if (!/\bpaths\b/.test(document.getText())) return undefined;
    const known = this.#known.get(folder.uri.toString());
    if (known !== undefined && performance.now() - known.at < freshMs) return known.files;
    const files = filesIn(folder);
    this.#known.set(folder.uri.toString(), { at: performance.now(), files });
    return files;
  }
}

async function filesIn(folder: vscode.WorkspaceFolder): Promise<WorkspaceFiles | undefined> {
  const files = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), null, most + 1);
  if (files.length > most) return undefined;
  const root = folder.uri.fsPath;
  return { root, home: homedir(), paths: files.map(({ fsPath }) => relative(root, fsPath).split(sep).join('/')) };
}
