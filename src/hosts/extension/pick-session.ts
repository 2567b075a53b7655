import * as vscode from 'vscode';
import type { SessionView } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { Connection } from './connection.ts';
import { inOrder, sessionText } from './session-text.ts';

/** For commands that were not started from the tree. */
export async function pickSession(
  connection: Connection,
  title: string,
  fits: (session: SessionView) => boolean,
): Promise<SessionView | undefined> {
  const sessions = inOrder(connection.snapshot?.sessions ?? []).filter(fits);
  if (sessions.length === 0) {
    void vscode.window.showInformationMessage('There is no such session.');
    return undefined;
  }
  const items = sessions.map((session) => {
    const { label, description } = sessionText(session, Date.now());
    return { label: withoutIcons(label), description: withoutIcons(description), detail: withoutIcons(visibleText(session.cwd)), session };
  });
  return (await vscode.window.showQuickPick(items, { title }))?.session;
}

/** A picker would draw `$(check)` as an icon. */
function withoutIcons(text: string): string {
  return text.replaceAll('$(', String.raw`\$(`);
}
