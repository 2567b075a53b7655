import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { openAt } from '../open-file.ts';
import { userPolicy } from '../policy-templates.ts';

/** Opens the user's policies; where there are none, an example, which is in force from then on. */
export function registerOpenUserPolicies(folder: string): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openUserPolicies, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
    const chosen =
      files.length > 1
        ? await vscode.window.showQuickPick(files, { title: `Policies in ${folder}` })
        : (files[0] ?? (await createExample(folder)));
    if (chosen !== undefined) await openAt(join(folder, chosen));
  });
}

async function createExample(folder: string): Promise<string | undefined> {
  const detail = `${folder} has no policies yet. The example asks you before anything is pushed with git, and denies force pushes.`;
  const pressed = await vscode.window.showInformationMessage('Create an example policy?', { modal: true, detail }, 'Create');
  if (pressed === undefined) return undefined;
  await writeFile(join(folder, 'my-policy.yaml'), userPolicy, { flag: 'wx', mode: 0o600 });
  return 'my-policy.yaml';
}
