import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { Connection } from './connection.ts';
import { commands, views } from './contributions.ts';
import { type PolicyRow, policyRows } from './policy-rows.ts';
import { rowItem } from './tree-row.ts';
import { windowState } from './window-state.ts';

/** A row below the folder that it is about. */
export interface PolicyNode {
  readonly folder: string;
  readonly row: PolicyRow;
}

/** What governs the window's folders: every layer, its files and their policies; and whether all of that only observes. */
class PoliciesTree implements vscode.TreeDataProvider<PolicyNode> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async getChildren(parent?: PolicyNode): Promise<PolicyNode[]> {
    if (this.#connection.link.state !== 'governed') return [];
    if (parent) return parent.row.children.map((row) => ({ folder: parent.folder, row }));
    const { folders } = windowState();
    const roots = await Promise.all((folders.length === 0 ? [homedir()] : folders).map(async (folder) => this.#rowsOf(folder)));
    if (roots.length === 1) return roots.flat();
    return folders.map((folder, i) => ({
      folder,
      row: folderRow(
        folder,
        (roots[i] ?? []).map(({ row }) => row),
      ),
    }));
  }

  getTreeItem({ folder, row }: PolicyNode): vscode.TreeItem {
    const item = rowItem(row, `${folder} ${row.id}`);
    if (row.file !== undefined) item.command = { command: commands.openPolicy, title: 'Open', arguments: [{ folder, row }] };
    return item;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async #rowsOf(folder: string): Promise<PolicyNode[]> {
    const problems = this.#connection.snapshot?.status.problems ?? [];
    const found = await this.#connection.call('policies', { folder });
    return policyRows(found, problems).map((row) => ({ folder, row }));
  }
}

function folderRow(folder: string, children: readonly PolicyRow[]): PolicyRow {
  const name = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === folder)?.name ?? folder;
  return {
    id: 'folder',
    label: visibleText(name),
    description: '',
    tooltip: visibleText(folder),
    icon: 'root-folder',
    children,
    isOpen: true,
  };
}

/** The Policies view. */
export class PoliciesView implements vscode.Disposable {
  readonly #tree: PoliciesTree;
  readonly #connection: Connection;
  readonly #parts: vscode.Disposable;
  #shown = '';

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#tree = new PoliciesTree(connection);
    const view = vscode.window.createTreeView(views.policies, { treeDataProvider: this.#tree, showCollapseAll: true });
    connection.events.on('change', () => this.#look());
    connection.events.on('reset', () => this.refresh());
    this.#parts = vscode.Disposable.from(
      view,
      // Trust is given elsewhere, too.
      view.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
    );
  }

  refresh(): void {
    this.#tree.refresh();
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #look(): void {
    const { status } = this.#connection.snapshot ?? {};
    const problems = status?.problems.map(({ id }) => id);
    const now = JSON.stringify([this.#connection.link.state, status?.policies, status?.observing, problems]);
    if (now === this.#shown) return;
    this.#shown = now;
    this.refresh();
  }
}
