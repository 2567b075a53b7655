import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { couldNot, noFolder } from '../complaints.ts';
import type { CliResult } from '../cli.ts';
import { commands } from '../contributions.ts';
import { openAt } from '../open-file.ts';
import { pickFolder } from '../pick-folder.ts';

const trust = 'Trust this version';

type Cli = (args: readonly string[], cwd?: string) => Promise<CliResult>;

/** Accepts one version of a folder's policy file, after showing it: only then may its `autoApprove` answer an agent's prompt. */
export function registerTrustWorkspacePolicy(cli: Cli): vscode.Disposable {
  return vscode.commands.registerCommand(commands.trustWorkspacePolicy, async () => {
    const folder = await pickFolder();
    if (folder === undefined) {
      void vscode.window.showErrorMessage(noFolder());
      return;
    }
    try {
      const file = await pickPolicy(folder);
      if (file !== undefined) await trustFile(file, async (digest) => cli(['policy', 'trust', file, '--digest', digest], folder));
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('trust the policy', cause));
    }
  });
}

async function trustFile(file: string, accept: (digest: string) => Promise<CliResult>): Promise<void> {
  await openAt(file);
  if (vscode.window.activeTextEditor?.document.isDirty) throw new Error('the file has changes that are not saved');
  const seen = await digestOf(file);
  const detail = `${file}\nsha256:${seen}\n\nIts rules with autoApprove will answer the agent’s own prompts with yes. A changed file asks again.`;
  const pressed = await vscode.window.showWarningMessage('Trust this policy file?', { modal: true, detail }, trust);
  if (pressed !== trust) return;
  // Named, because an agent could have written the file while the question stood there.
  const { exitCode, stderr } = await accept(`sha256:${seen}`);
  if (exitCode !== 0) throw new Error(stderr.trim());
  void vscode.window.showInformationMessage('This version of the policy file is trusted.');
}

async function pickPolicy(folder: string): Promise<string | undefined> {
  const inside = join(folder, '.countersign');
  const files = (await readdir(inside)).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new Error(`${inside} has no policy file`);
  const chosen = files.length > 1 ? await vscode.window.showQuickPick(files, { title: 'Trust which policy file?' }) : files[0];
  return chosen === undefined ? undefined : join(inside, chosen);
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
