import * as vscode from 'vscode';

/** A line of a view that is a tree. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly tone?: 'warning' | 'error';
  readonly contextValue?: string;
  readonly children: readonly TreeRow[];
  readonly isOpen?: true;
}

/** All of it is text: nothing in a label or a tooltip is taken for markdown. */
export function rowItem(row: TreeRow, id: string): vscode.TreeItem {
  const state = row.children.length === 0 ? 'None' : row.isOpen ? 'Expanded' : 'Collapsed';
  const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState[state]);
  item.id = id;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.iconPath = row.tone === undefined ? new vscode.ThemeIcon(row.icon) : new vscode.ThemeIcon(row.icon, colours[row.tone]);
  if (row.contextValue !== undefined) item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
  return item;
}

const colours = {
  warning: new vscode.ThemeColor('problemsWarningIcon.foreground'),
  error: new vscode.ThemeColor('problemsErrorIcon.foreground'),
};

/** One that nothing is below. */
export interface LeafRow extends TreeRow {
  readonly id: string;
  readonly children: readonly never[];
}
