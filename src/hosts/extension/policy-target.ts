import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';

/** A policy file that a rule may go to; it need not exist yet. */
export interface PolicyTarget {
  readonly file: string;
  readonly layer: 'user' | 'workspace';
  readonly exists: boolean;
  /** For a policy of its own, where the file has none that the rule fits into. */
  readonly policyName: string;
}

/** Asks which file. A folder's policies can only tighten: a rule that allows goes to the person's own. */
export async function pickPolicyFile(userPolicies: string, isLoosening: boolean): Promise<PolicyTarget | undefined> {
  const folders = isLoosening ? [] : (vscode.workspace.workspaceFolders ?? []);
  const own = await targetsIn(userPolicies, 'user', 'from-activity');
  const shared = await Promise.all(
    folders.map(async ({ uri }) => targetsIn(join(uri.fsPath, '.countersign'), 'workspace', 'from-activity')),
  );
  const items = [...own, ...shared.flat()].map((target) => ({
    label: basename(target.file),
    description: target.exists ? '' : 'new file',
    detail: `${target.layer === 'user' ? 'Your policies' : 'This folder’s policies, shared with your team'}: ${target.file}`,
    target,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which policy file?', matchOnDetail: true }))?.target;
}

/** The text as the person sees it: an open document may hold changes that are not saved. */
export async function textOfTarget({ file, exists }: Pick<PolicyTarget, 'file' | 'exists'>): Promise<string> {
  const uri = uriOf({ file, exists });
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  return exists ? readFile(file, 'utf8') : '';
}

/** A file that does not exist is one without a name on the disk: it is written when the person saves it. */
export function uriOf({ file, exists }: Pick<PolicyTarget, 'file' | 'exists'>): vscode.Uri {
  return exists ? vscode.Uri.file(file) : vscode.Uri.file(file).with({ scheme: 'untitled' });
}

async function targetsIn(folder: string, layer: PolicyTarget['layer'], fresh: string): Promise<readonly PolicyTarget[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name)).sort();
  const existing = names.map((name): PolicyTarget => {
    const policyName = `${name.replace(/\.ya?ml$/, '').replaceAll(/[^\w.-]+/g, '-')}-from-activity`;
    return { file: join(folder, name), layer, exists: true, policyName };
  });
  if (names.includes(`${fresh}.yaml`)) return existing;
  return [...existing, { file: join(folder, `${fresh}.yaml`), layer, exists: false, policyName: fresh }];
}
