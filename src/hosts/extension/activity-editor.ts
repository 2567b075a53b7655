import * as vscode from 'vscode';
import type { EntrySearch } from '../../engine/audit/search.ts';
import { fromActivityEditor, type FromActivityEditor, type ToActivityEditor } from '../../webview/activity-editor/messages.ts';
import { couldNot } from './complaints.ts';
import type { Connection } from './connection.ts';
import { commands, editors } from './contributions.ts';
import type { EntryActions } from './entry-actions.ts';
import { exportFilters, exportFormatOf } from './export-format.ts';
import { furnish } from './furnish-webview.ts';
import { LogQuestions } from './log-questions.ts';

export interface ActivityEditorParts {
  readonly extension: vscode.Uri;
  readonly connection: Connection;
  readonly actions: EntryActions;
  readonly log: vscode.LogOutputChannel;
}

/** The whole log in an editor of its own: at most one of them in a window. */
export class ActivityEditor implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #parts: ActivityEditorParts;
  readonly #registration: vscode.Disposable;
  readonly #questions: LogQuestions;
  #panel: vscode.WebviewPanel | undefined;
  /** What to show once the page is there. */
  #wanted: EntrySearch | undefined;
  #isReady = false;

  constructor(parts: ActivityEditorParts) {
    this.#parts = parts;
    const { connection } = parts;
    this.#questions = new LogQuestions(connection, 'activity', (message) => this.#post(message));
    this.#registration = vscode.window.registerWebviewPanelSerializer(editors.activity, this);
    connection.events.on('change', () => this.#post({ type: 'link', link: connection.link }));
    connection.events.on('reset', () => this.#post({ type: 'reset' }));
  }

  /** Brings it to the front; with a search, it shows what that finds. */
  open(search?: EntrySearch): void {
    this.#wanted = search;
    if (this.#panel === undefined) {
      this.#take(vscode.window.createWebviewPanel(editors.activity, 'Activity', vscode.ViewColumn.Active));
    } else this.#panel.reveal();
    if (this.#isReady) this.#look();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel) panel.dispose();
    else this.#take(panel);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#questions.dispose();
    this.#panel?.dispose();
  }

  #take(panel: vscode.WebviewPanel): void {
    const { extension } = this.#parts;
    this.#panel = panel;
    this.#isReady = false;
    panel.iconPath = new vscode.ThemeIcon('list-flat');
    panel.webview.onDidReceiveMessage((message: unknown) => this.#read(message));
    panel.onDidChangeViewState(() => this.#seen(panel.visible));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#seen(false);
    });
    furnish(panel.webview, { extension, name: 'activity-editor', title: 'Activity' });
  }

  /** A hidden page is thrown away, and made anew when it is seen again. */
  #seen(isVisible: boolean): void {
    if (isVisible) return;
    this.#isReady = false;
    this.#questions.close();
  }

  #read(message: unknown): void {
    const parsed = fromActivityEditor.safeParse(message);
    if (parsed.success) this.#receive(parsed.data);
    else this.#parts.log.warn(`The activity editor sent a message that cannot be read: ${parsed.error.message}`);
  }

  #receive(message: FromActivityEditor): void {
    switch (message.type) {
      case 'ready':
        return this.#becameReady();
      case 'search':
      case 'rows':
      case 'facets':
      case 'entry':
        return void this.#questions.ask(message);
      case 'do':
        return void this.#parts.actions.run(message.action, message.seq, message.rule);
      case 'export':
        return void this.#export();
      case 'retry':
        return this.#parts.connection.retry();
      case 'open-log':
        return void vscode.commands.executeCommand(commands.showLog);
    }
  }

  #becameReady(): void {
    const { link } = this.#parts.connection;
    this.#isReady = true;
    this.#post({ type: 'link', link });
    this.#look();
  }

  #look(): void {
    if (this.#wanted !== undefined) this.#post({ type: 'look', search: this.#wanted });
    this.#wanted = undefined;
  }

  #post(message: ToActivityEditor): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview's, not a browser window's
    if (this.#isReady) void this.#panel?.webview.postMessage(message);
  }

  async #export(): Promise<void> {
    try {
      const uri = await vscode.window.showSaveDialog({ filters: exportFilters, title: 'Export the entries that were found' });
      if (uri === undefined) return;
      const format = exportFormatOf(uri.fsPath);
      if (format === undefined) throw new Error('the name must end in .jsonl, .csv, .ocsf.jsonl or .otlp.jsonl');
      const count = await this.#questions.export({ format, file: uri.fsPath });
      const pressed = await vscode.window.showInformationMessage(`Exported ${count} entries to ${uri.fsPath}.`, 'Open');
      if (pressed === 'Open') await vscode.window.showTextDocument(uri);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('export the entries', cause));
    }
  }
}
