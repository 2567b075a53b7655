import * as vscode from 'vscode';
import type { SessionView } from '../../channel/messages.ts';
import type { Connection } from './connection.ts';
import { views } from './contributions.ts';
import { inOrder, sessionText } from './session-text.ts';

/** Every agent's sessions; each can be killed, a killed one revived. */
class SessionsTree implements vscode.TreeDataProvider<SessionView> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  getChildren(parent?: SessionView): SessionView[] {
    if (parent || this.#connection.link.state !== 'governed') return [];
    return [...inOrder(this.#connection.snapshot?.sessions ?? [])];
  }

  getTreeItem(session: SessionView): vscode.TreeItem {
    const { label, description, tooltip, icon, contextValue } = sessionText(session, Date.now());
    const item = new vscode.TreeItem(label);
    item.id = `${session.agent}/${session.id}`;
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = contextValue;
    item.accessibilityInformation = { label: `${label}, ${description}` };
    return item;
  }

  refresh(): void {
    this.#changed.fire();
  }
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
