import * as vscode from 'vscode';
import type { SessionView } from '../../channel/messages.ts';
import type { Connection } from './connection.ts';
import { views } from './contributions.ts';
import { childrenOf, type SessionChild } from './session-children.ts';
import { inOrder, sessionText } from './session-text.ts';

/** Every agent's sessions, with how they are governed and their subagents below; each can be killed, a killed one revived. */
class SessionsTree implements vscode.TreeDataProvider<SessionView | SessionChild> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  getChildren(parent?: SessionView | SessionChild): (SessionView | SessionChild)[] {
    if (this.#connection.link.state !== 'governed') return [];
    if (parent) return 'parent' in parent ? [] : [...childrenOf(parent, Date.now())];
    return [...inOrder(this.#connection.snapshot?.sessions ?? [])];
  }

  getTreeItem(element: SessionView | SessionChild): vscode.TreeItem {
    return 'parent' in element ? childItem(element) : sessionItem(element);
  }

  refresh(): void {
    this.#changed.fire();
  }
}

function sessionItem(session: SessionView): vscode.TreeItem {
  const { label, description, tooltip, icon, contextValue } = sessionText(session, Date.now());
  const hasChildren = childrenOf(session, Date.now()).length > 0;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[hasChildren ? 'Collapsed' : 'None']);
  item.id = idOf(session);
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = icon === 'warning' ? warning : new vscode.ThemeIcon(icon);
  item.contextValue = contextValue;
  item.accessibilityInformation = { label: `${label}, ${description}` };
  return item;
}

function childItem({ parent, id, label, description, tooltip, icon }: SessionChild): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = `${idOf(parent)}/${id}`;
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = icon === 'warning' ? warning : new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: `${label}, ${description}` };
  return item;
}

const warning = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));

function idOf({ agent, id }: SessionView): string {
  return `${agent}/${id}`;
}

export function registerSessionsTree(connection: Connection): vscode.Disposable {
  const tree = new SessionsTree(connection);
  const view = vscode.window.createTreeView(views.sessions, { treeDataProvider: tree });
  const refresh = (): void => tree.refresh();
  connection.events.on('change', refresh);
  connection.events.on('reset', refresh);
  // Ages grow while nothing happens.
  const timer = setInterval(() => view.visible && refresh(), 60_000);
  return vscode.Disposable.from(view, { dispose: () => clearInterval(timer) });
}
