import * as vscode from 'vscode';
import type { Methods } from '../../../channel/messages.ts';
import { couldNot, noFolder, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickFolder } from '../pick-folder.ts';
import type { PolicyNode } from '../policies-tree.ts';

type Wish = Methods['observe']['params'];

const hour = 3_600_000;
const spans = [
  { label: 'For one hour', forMs: hour },
  { label: 'For four hours', forMs: 4 * hour },
  { label: 'For a day', forMs: 24 * hour },
  { label: 'Until I enforce again', forMs: undefined },
];

/** Lets calls be recorded only, or stopped again: of a folder's workspace, or all. */
export function registerObserveCalls(connection: Connection): vscode.Disposable {
  const tell = async (wish: Omit<Wish, 'surface'>): Promise<void> => {
    try {
      const { message } = await connection.call('observe', { ...wish, surface: 'editor' });
      void vscode.window.showInformationMessage(withoutLinks(message));
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(wish.on ? 'only observe' : 'enforce again', cause));
    }
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.observeCalls, async () => {
      const where = await pickPlace();
      const span = where && (await vscode.window.showQuickPick(spans, { title: 'Only observe for how long?' }));
      if (where && span) await tell({ on: true, ...where, ...(span.forMs === undefined ? {} : { forMs: span.forMs }) });
    }),
    // Tightens: asks nothing. From the palette everything is enforced again.
    vscode.commands.registerCommand(commands.enforceCalls, async (node?: PolicyNode) => {
      const { observed = '' } = node?.row ?? {};
      await tell({ on: false, ...(observed === '' ? {} : { folder: observed }) });
    }),
  );
}

async function pickPlace(): Promise<{ readonly folder?: string } | undefined> {
  const here = { label: 'This folder', description: 'the workspace that it belongs to', isAll: false };
  const all = { label: 'Everything', description: 'every agent, in every folder', isAll: true };
  const picked = await vscode.window.showQuickPick([here, all], {
    title: 'Only observe what? Calls are judged and recorded, and none is stopped or asked about.',
  });
  if (picked === undefined) return undefined;
  if (picked.isAll) return {};
  const folder = await pickFolder();
  if (folder === undefined) void vscode.window.showErrorMessage(noFolder());
  return folder === undefined ? undefined : { folder };
}
