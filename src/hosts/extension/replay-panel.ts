import * as vscode from 'vscode';
import { fromReplay, type FromReplay, type ReplayResult, type ToReplay } from '../../webview/replay/messages.ts';
import { commands, editors } from './contributions.ts';
import { EditorPanel } from './editor-panel.ts';

export interface ReplayPanelParts {
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Shows an entry in the log. */
  readonly openEntry: (entry: { readonly seq: number; readonly time: number; readonly session: string }) => void;
}

/** What a replay has found, beside the policies that it is about. */
export class ReplayPanel extends EditorPanel<FromReplay, ToReplay> {
  readonly #openEntry: ReplayPanelParts['openEntry'];
  #result: ReplayResult | undefined;

  constructor({ extension, log, openEntry }: ReplayPanelParts) {
    super({
      extension,
      name: 'replay',
      viewType: editors.replay,
      title: 'Policy Replay',
      icon: 'history',
      incoming: fromReplay,
      log,
      column: vscode.ViewColumn.Beside,
    });
    this.#openEntry = openEntry;
  }

  show(result: ReplayResult): void {
    this.#result = result;
    this.open();
    this.post({ type: 'result', result });
  }

  protected override receive(message: FromReplay): void {
    switch (message.type) {
      case 'ready':
        if (this.#result !== undefined) this.post({ type: 'result', result: this.#result });
        return;
      case 'again':
        return void vscode.commands.executeCommand(commands.replayPolicies);
      case 'open':
        return this.#openEntry(message);
    }
  }
}
