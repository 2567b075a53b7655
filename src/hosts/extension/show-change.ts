import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ApprovalView } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { couldNot } from './complaints.ts';
import { changedFile, proposedChange, type ProposedChange } from './proposed-change.ts';

const scheme = 'countersign-change';
const largest = 10 * 1024 * 1024;
/** Documents of differences that were closed long ago are forgotten. */
const kept = 50;

/** Shows what a call would make of a file, in the editor's own difference view. Both sides are fixed when it opens. */
export class ShowChange implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #documents = new Map<string, string>();
  readonly #registration: vscode.Disposable;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#documents.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async show(approval: ApprovalView): Promise<void> {
    try {
      const named = changedFile(approval.arguments);
      if (named === undefined) throw new Error('this tool’s change cannot be shown as a difference; its arguments are in the inbox');
      const file = resolve(approval.cwd, named);
      const change = proposedChange(approval.arguments, await readCurrent(file));
      if (change) await this.#open(approval.id, file, change);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('show the change', cause));
    }
  }

  /** Any two texts of a file, side by side. */
  async compare(file: string, before: string, after: string, title: string): Promise<void> {
    const [left, right] = [this.#document('fix', 'before', file, before), this.#document('fix', 'after', file, after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  }

  async #open(id: string, file: string, { before, after, caution }: ProposedChange): Promise<void> {
    const left = this.#document(id, 'before', file, before);
    const right = this.#document(id, 'after', file, after);
    const title = `${visibleText(basename(file))}: now ↔ after the call (approval ${id})`;
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
    if (caution !== '') void vscode.window.showWarningMessage(`${caution} [${id}]`);
  }

  #document(id: string, side: 'before' | 'after', file: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: vscode.Uri.file(file).path, query: `${id}-${side}-${Date.now()}` });
    this.#documents.set(uri.toString(), text);
    for (const oldest of [...this.#documents.keys()].slice(0, Math.max(0, this.#documents.size - kept))) this.#documents.delete(oldest);
    return uri;
  }
}

/** The file's text; `undefined` when there is none. The path is the agent's word: devices and giants are not read. */
async function readCurrent(file: string): Promise<string | undefined> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (!found) return undefined;
  if (!found.isFile()) throw new Error(`${file} is not a file`);
  if (found.size > largest) throw new Error(`${file} is larger than 10 MB`);
  return readFile(file, 'utf8');
}
