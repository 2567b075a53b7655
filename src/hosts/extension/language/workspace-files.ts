import { homedir } from 'node:os';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { WorkspaceFiles } from '../language-desk.ts';

/** A workspace with more files is not asked whether one of them matches a pattern. */
const most = 20_000;

/** The files of the folder that a policy is about; `undefined` where it is about none, or about too many files. */
export async function filesAround({ uri }: vscode.TextDocument): Promise<WorkspaceFiles | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined || !/[/\\]\.countersign[/\\][^/\\]+$/.test(uri.fsPath)) return undefined;
  const files = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), null, most + 1);
  if (files.length > most) return undefined;
  const root = folder.uri.fsPath;
  return { root, home: homedir(), paths: files.map(({ fsPath }) => relative(root, fsPath).split(sep).join('/')) };
}
