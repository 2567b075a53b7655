import * as vscode from 'vscode';
import { fromInbox, type FromInbox, type ToInbox } from '../../webview/approvals/messages.ts';
import { answerFailed, couldNot } from './complaints.ts';
import type { Connection } from './connection.ts';
import { commands, views } from './contributions.ts';
import type { FromNowOn } from './from-now-on.ts';
import type { InstalledHooks } from './installed-hooks.ts';
import { openAt } from './open-file.ts';
import { Panel } from './panel.ts';
import { observedHere } from './observed-here.ts';
import type { ShowChange } from './show-change.ts';
import { realFolders } from './window-state.ts';

export interface ApprovalsParts {
  readonly extension: vscode.Uri;
  readonly connection: Connection;
  readonly showChange: ShowChange;
  readonly fromNowOn: FromNowOn;
  readonly hooks: InstalledHooks;
  readonly log: vscode.LogOutputChannel;
}

/** The inbox: every open approval, as the governor last told it. */
export class ApprovalsPanel extends Panel<FromInbox, ToInbox> {
  readonly #connection: Connection;
  readonly #showChange: ShowChange;
  readonly #rules: FromNowOn;
  readonly #hooks: InstalledHooks;
  /** What to do once the page is there: commands may come before it. */
  #afterReady: ToInbox | undefined;
  #ready = false;

  constructor({ extension, connection, showChange, fromNowOn, hooks, log }: ApprovalsParts) {
    super(extension, 'approvals', fromInbox, log);
    this.#connection = connection;
    this.#showChange = showChange;
    this.#rules = fromNowOn;
    this.#hooks = hooks;
    hooks.events.on('change', () => this.#refresh());
    connection.events.on('change', () => this.#refresh());
    connection.events.on('reset', () => this.#refresh());
  }

  override resolveWebviewView(view: vscode.WebviewView): void {
    this.#ready = false;
    super.resolveWebviewView(view);
    view.onDidDispose(() => {
      // A newer page may be there already.
      if (this.view === undefined) this.#ready = false;
    });
    this.#refresh();
  }

  /** Brings the panel to the front with the keyboard on an approval. */
  async focus(id?: string): Promise<void> {
    this.#send(id === undefined ? { type: 'focus' } : { type: 'focus', id });
    await vscode.commands.executeCommand(`${views.approvals}.focus`);
  }

  /** Presses a button of the selected card, where the panel is in front; else only brings it there. */
  async press(button: 'approve' | 'deny'): Promise<void> {
    if (this.view?.visible) this.post({ type: 'press', button });
    else await this.focus();
  }

  async answer(answer: {
    readonly id: string;
    readonly outcome: 'approved' | 'denied';
    readonly scope: 'once' | 'session';
    readonly reason: string;
  }): Promise<void> {
    try {
      await this.#connection.call('answer', { ...answer, surface: 'inbox' });
    } catch (cause) {
      this.post({ type: 'answer-failed', id: answer.id, message: answerFailed(cause) });
    }
  }

  protected override receive(message: FromInbox): void {
    switch (message.type) {
      case 'ready':
        return this.#becameReady();
      case 'answer':
        return void this.answer({ id: message.id, outcome: message.outcome, scope: message.scope, reason: message.reason });
      case 'show-change':
        return this.#show(message.id);
      case 'from-now-on':
        return this.#fromNowOn(message.id);
      case 'open-problem':
        return this.#openProblem(message.id);
      case 'close-problem':
        return void vscode.commands.executeCommand(commands.closeIncidents, message.id);
      case 'fix-problem':
        return void vscode.commands.executeCommand(commands.fixProblem, message.id);
      case 'install-hooks':
        return void vscode.commands.executeCommand(commands.installClaudeCode);
      case 'open-log':
        return void vscode.commands.executeCommand(commands.showLog);
      case 'enforce':
        return void vscode.commands.executeCommand(commands.enforceCalls);
      case 'retry':
        return this.#connection.retry();
    }
  }

  #becameReady(): void {
    this.#ready = true;
    this.#refresh();
    if (this.#afterReady) this.post(this.#afterReady);
    this.#afterReady = undefined;
  }

  #send(message: ToInbox): void {
    if (this.#ready) this.post(message);
    else this.#afterReady = message;
  }

  #show(id: string): void {
    const approval = this.#connection.snapshot?.approvals.find((each) => each.id === id);
    if (approval) void this.#showChange.show(approval);
  }

  #fromNowOn(id: string): void {
    const approval = this.#connection.snapshot?.approvals.find((each) => each.id === id);
    if (approval === undefined) return;
    this.#rules.proposeForApproval(approval).catch((cause: unknown) => {
      void vscode.window.showErrorMessage(couldNot('propose a rule', cause));
    });
  }

  #openProblem(id: string): void {
    const problem = this.#connection.snapshot?.status.problems.find((each) => each.id === id);
    if (problem?.file !== undefined) void openAt(problem.file, problem.line);
  }

  #refresh(): void {
    if (!this.view) return;
    const { snapshot, link } = this.#connection;
    const approvals = snapshot?.approvals ?? [];
    this.view.badge =
      approvals.length > 0 ? { value: approvals.length, tooltip: `${approvals.length} waiting for your decision` } : undefined;
    if (!this.#ready) return;
    const observing = snapshot && observedHere(snapshot.status, realFolders());
    this.post({
      type: 'state',
      link,
      approvals: approvals.map(({ mine: _mine, answer: _answer, ...open }) => open),
      problems: snapshot ? [...snapshot.status.problems] : [],
      hooksMissing: this.#hooks.missing,
      ...(observing === undefined ? {} : { observing }),
      now: Date.now(),
    });
  }
}
