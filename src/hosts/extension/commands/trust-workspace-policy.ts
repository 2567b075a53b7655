import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { visibleText } from '../../../engine/guardrail/visible-text.ts';
import { couldNot, noFolder } from '../complaints.ts';
import type { CliResult } from '../cli.ts';
import { commands } from '../contributions.ts';
import { openAt } from '../open-file.ts';
import { pickFolder } from '../pick-folder.ts';
import type { PolicyNode } from '../policies-tree.ts';
import type { PolicyVersions } from '../policy-versions.ts';

const trust = 'Trust this version';

type Cli = (args: readonly string[], cwd?: string) => Promise<CliResult>;

/**
 * Accepts one version of a folder's policy file, after showing it, or what is new in it since the version that was trusted last: only
 * then may its `autoApprove` answer an agent's prompt.
 */
export function registerTrustWorkspacePolicy(cli: Cli, versions: PolicyVersions): vscode.Disposable {
  const attempt = async (what: string, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(what, cause));
    }
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.trustWorkspacePolicy, async (node?: PolicyNode) => {
      const folder = node?.folder ?? (await pickFolder());
      if (folder === undefined) return void vscode.window.showErrorMessage(noFolder());
      return attempt('trust the policy', async () => {
        const file = node?.row.file ?? (await pickPolicy(folder));
        if (file !== undefined)
          await trustFile({ file, folder }, versions, async (digest) => cli(['policy', 'trust', file, '--digest', digest], folder));
      });
    }),
    vscode.commands.registerCommand(commands.comparePolicy, async (node?: PolicyNode) => {
      const { folder, row } = node ?? {};
      if (folder === undefined || row?.file === undefined) return void vscode.commands.executeCommand(commands.showPolicies);
      const { file } = row;
      return attempt('show what is new', async () => {
        if (!(await versions.sinceTrusted(folder, file, await readFile(file, 'utf8')))) await openAt(file);
      });
    }),
  );
}

interface Asked {
  readonly file: string;
  readonly folder: string;
}

async function trustFile({ file, folder }: Asked, versions: PolicyVersions, accept: (digest: string) => Promise<CliResult>): Promise<void> {
  if (vscode.workspace.textDocuments.some(({ uri, isDirty }) => uri.fsPath === file && isDirty))
    throw new Error('the file has changes that are not saved');
  const bytes = await readFile(file);
  const seen = createHash('sha256').update(bytes).digest('hex');
  const changes = await versions.sinceTrusted(folder, file, bytes.toString('utf8'));
  if (changes === undefined) await openAt(file);
  const news = changes === undefined ? '' : `\n\nSince the version that you trusted: ${visibleText(changes)}.`;
  const detail = `${visibleText(file)}\nsha256:${seen}${news}\n\nIts rules with autoApprove will answer the agent’s own prompts with yes. A changed file asks again.`;
  const pressed = await vscode.window.showWarningMessage('Trust this policy file?', { modal: true, detail }, trust);
  if (pressed !== trust) return;
  // Named, because an agent could have written the file while the question stood there.
  const { exitCode, stderr } = await accept(`sha256:${seen}`);
  if (exitCode !== 0) throw new Error(stderr.trim());
  versions.changed();
  void vscode.window.showInformationMessage('This version of the policy file is trusted.');
}

async function pickPolicy(folder: string): Promise<string | undefined> {
  const inside = join(folder, '.countersign');
  const files = (await readdir(inside)).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new Error(`${inside} has no policy file`);
  const chosen = files.length > 1 ? await vscode.window.showQuickPick(files, { title: 'Trust which policy file?' }) : files[0];
  return chosen === undefined ? undefined : join(inside, chosen);
}
