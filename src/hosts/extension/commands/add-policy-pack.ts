import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { couldNot, withoutLinks } from '../complaints.ts';
import { commands } from '../contributions.ts';
import type { PolicyDesk } from '../load-policy-desk.ts';
import { pickPack } from '../pick-pack.ts';
import type { PolicyText } from '../policy-text.ts';
import type { OwnPolicies } from '../own-policies.ts';
import { pickFolder } from '../pick-folder.ts';
import { uriOf } from '../policy-target.ts';
import { reviewInsertion } from '../review-insertion.ts';

/** Names a pack that we ship in a policy; the person looks at it and saves it. */
export function registerAddPolicyPack(policies: OwnPolicies, userPolicies: string, desk: () => Promise<PolicyDesk>): vscode.Disposable {
  return vscode.commands.registerCommand(commands.addPolicyPack, async () => {
    try {
      await addPack(await desk(), await policies.texts(), userPolicies);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('add the pack', cause));
    }
  });
}

async function addPack(desk: PolicyDesk, texts: readonly PolicyText[], userPolicies: string): Promise<void> {
  const hasFolder = (vscode.workspace.workspaceFolders ?? []).length > 0;
  const picked = await pickPack(desk.packsAtHand(texts), desk.rulesAlwaysOn(), hasFolder);
  if (picked === undefined) return;
  const root = picked.layer === 'user' ? undefined : await pickFolder();
  if (picked.layer === 'workspace' && root === undefined) return;
  const folder = root === undefined ? userPolicies : join(root, '.countersign');
  const known = picked.pack.namedBy.find(({ path }) => dirname(path) === folder);
  if (known !== undefined) return tellIsThere(picked.pack.name, known);
  const added = desk.withPack(folder, texts, picked.pack.name);
  await reviewInsertion(added, added, 'pack');
}

async function tellIsThere(pack: string, { path, isNew }: PolicyText): Promise<void> {
  await vscode.window.showTextDocument(uriOf({ file: path, exists: isNew !== true }));
  void vscode.window.showInformationMessage(withoutLinks(`The pack ${pack} is named here already.`));
}
