import * as vscode from 'vscode';
import type { ApprovalView } from '../../channel/messages.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import { answerFailed, nothingWaits } from './complaints.ts';
import type { Connection } from './connection.ts';
import { settings } from './contributions.ts';
import { planNotifications, type Raised } from './notification-policy.ts';
import { notificationText, summaryText } from './notification-text.ts';

/** Hints that something waits. That one closes means nothing: only a pressed button is an answer. */
export class Notifications implements vscode.Disposable {
  readonly #connection: Connection;
  readonly #show: (id?: string) => Promise<void>;
  readonly #raised = new Map<string, Raised>();
  readonly #settings: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, show: (id?: string) => Promise<void>) {
    this.#connection = connection;
    this.#show = show;
    connection.events.on('change', () => this.#look());
    connection.events.on('reset', () => this.#look());
    this.#settings = vscode.workspace.onDidChangeConfiguration(() => this.#look());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#settings.dispose();
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#connection.link.state !== 'governed' || !notificationsWanted()) return;
    const open = this.#connection.snapshot?.approvals ?? [];
    for (const id of this.#raised.keys()) if (!open.some((each) => each.id === id)) this.#raised.delete(id);
    const now = Date.now();
    const { raise, together, againInMs } = planNotifications(open, this.#raised, now);
    for (const { id } of raise) this.#raised.set(id, { at: now });
    if (together) void this.#askTogether(raise);
    else for (const approval of raise) void this.#ask(approval);
    if (againInMs !== undefined) this.#timer = setTimeout(() => this.#look(), againInMs);
  }

  async #ask(approval: ApprovalView): Promise<void> {
    // Where a reason is required, or text must be read, the inbox is the place. What holds for good has to be read.
    const buttons =
      approval.terms.reason === 'required' || serverQuestion(approval) !== undefined
        ? (['Show'] as const)
        : (['Show', 'Approve', 'Deny'] as const);
    const pressed = await vscode.window.showWarningMessage(notificationText(approval), ...buttons);
    if (pressed === undefined) return;
    if (!this.#connection.snapshot?.approvals.some(({ id }) => id === approval.id)) {
      void vscode.window.showInformationMessage(nothingWaits(approval.id));
      return;
    }
    if (pressed === 'Show') await this.#show(approval.id);
    if (pressed === 'Approve') await this.#answer(approval.id, 'approved');
    if (pressed === 'Deny') await this.#answer(approval.id, 'denied');
  }

  async #askTogether(approvals: readonly ApprovalView[]): Promise<void> {
    if (await vscode.window.showWarningMessage(summaryText(approvals), 'Show')) await this.#show();
  }

  async #answer(id: string, outcome: 'approved' | 'denied'): Promise<void> {
    try {
      await this.#connection.call('answer', { id, outcome, scope: 'once', reason: '', surface: 'notification' });
    } catch (cause) {
      void vscode.window.showErrorMessage(answerFailed(cause));
    }
  }
}

export function notificationsWanted(): boolean {
  return vscode.workspace.getConfiguration('countersign').get<string>(settings.notifications) !== 'off';
}
