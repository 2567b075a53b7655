import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { noFolder } from '../complaints.ts';
import { commands } from '../contributions.ts';
import { openAt } from '../open-file.ts';
import { pickFolder } from '../pick-folder.ts';
import { workspacePolicy } from '../policy-templates.ts';

/** Creates the folder's policy from a template; opens the one that is there. */
export function registerCreateWorkspacePolicy(): vscode.Disposable {
  return vscode.commands.registerCommand(commands.createWorkspacePolicy, async () => {
    const folder = await pickFolder();
    if (folder === undefined) void vscode.window.showErrorMessage(noFolder());
    else await openAt(await create(folder));
  });
}

async function create(folder: string): Promise<string> {
  const file = join(folder, '.countersign', 'policy.yaml');
  await mkdir(join(folder, '.countersign'), { recursive: true });
  await writeFile(file, workspacePolicy, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  return file;
}
