import * as vscode from 'vscode';
import type { EntrySearch } from '../../engine/audit/search.ts';
import { fromActivityEditor, type FromActivityEditor, type ToActivityEditor } from '../../webview/activity-editor/messages.ts';
import { couldNot, withoutLinks } from './complaints.ts';
import type { Connection } from './connection.ts';
import { commands, editors } from './contributions.ts';
import { EditorPanel } from './editor-panel.ts';
import type { EntryActions } from './entry-actions.ts';
import { exportFilters, exportFormatOf } from './export-format.ts';
import { LogQuestions } from './log-questions.ts';

export interface ActivityEditorParts {
  readonly extension: vscode.Uri;
  readonly connection: Connection;
  readonly actions: EntryActions;
  readonly log: vscode.LogOutputChannel;
}

/** The whole log in an editor of its own. */
export class ActivityEditor extends EditorPanel<FromActivityEditor, ToActivityEditor> {
  readonly #connection: Connection;
  readonly #actions: EntryActions;
  readonly #questions: LogQuestions;
  /** What to show once the page is there. */
  #wanted: { readonly search: EntrySearch; readonly entry?: number } | undefined;
  #isReady = false;

  constructor({ extension, connection, actions, log }: ActivityEditorParts) {
    super({
      extension,
      name: 'activity-editor',
      viewType: editors.activity,
      title: 'Activity',
      icon: 'list-flat',
      incoming: fromActivityEditor,
      log,
    });
    this.#connection = connection;
    this.#actions = actions;
    this.#questions = new LogQuestions(connection, 'activity', (message) => this.#tell(message));
    connection.events.on('change', () => this.#tell({ type: 'link', link: connection.link }));
    connection.events.on('reset', () => this.#tell({ type: 'reset' }));
  }

  /** Brings it to the front; with a search, it shows what that finds, and the details of one entry. */
  override open(search?: EntrySearch, entry?: number): void {
    this.#wanted = search && { search, ...(entry === undefined ? {} : { entry }) };
    super.open();
    if (this.#isReady) this.#look();
  }

  /** Shows one entry among those of its moment. */
  readonly openEntry = ({ seq, time, session }: { readonly seq: number; readonly time: number; readonly session: string }): void =>
    this.open({ since: time, until: time + 1, ...(session === '' ? {} : { sessions: [session] }) }, seq);

  override dispose(): void {
    this.#questions.dispose();
    super.dispose();
  }

  protected override hidden(): void {
    this.#isReady = false;
    this.#questions.close();
  }

  protected override receive(message: FromActivityEditor): void {
    switch (message.type) {
      case 'ready':
        return this.#becameReady();
      case 'search':
      case 'rows':
      case 'facets':
      case 'entry':
        return void this.#questions.ask(message);
      case 'do':
        return void this.#actions.run(message.action, message.seq, message.part);
      case 'export':
        return void this.#export();
      case 'retry':
        return this.#connection.retry();
      case 'open-log':
        return void vscode.commands.executeCommand(commands.showLog);
    }
  }

  #becameReady(): void {
    this.#isReady = true;
    this.#tell({ type: 'link', link: this.#connection.link });
    this.#look();
  }

  #look(): void {
    if (this.#wanted !== undefined) this.#tell({ type: 'look', ...this.#wanted });
    this.#wanted = undefined;
  }

  #tell(message: ToActivityEditor): void {
    if (this.#isReady) this.post(message);
  }

  async #export(): Promise<void> {
    try {
      const uri = await vscode.window.showSaveDialog({ filters: exportFilters, title: 'Export the entries that were found' });
      if (uri === undefined) return;
      const format = exportFormatOf(uri.fsPath);
      if (format === undefined) throw new Error('the name must end in .jsonl, .csv, .ocsf.jsonl or .otlp.jsonl');
      const count = await this.#questions.export({ format, file: uri.fsPath });
      const pressed = await vscode.window.showInformationMessage(`Exported ${count} entries to ${withoutLinks(uri.fsPath)}.`, 'Open');
      if (pressed === 'Open') await vscode.window.showTextDocument(uri);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('export the entries', cause));
    }
  }
}
