import type * as vscode from 'vscode';
import { fromActivity, type FromActivity, type ToActivity } from '../../webview/activity/messages.ts';
import type { Snapshot } from '../../channel/messages.ts';
import type { Connection } from './connection.ts';
import { Panel } from './panel.ts';

const pageSize = 200;

/** Every decision as it is made, newest first. */
export class ActivityPanel extends Panel<FromActivity, ToActivity> {
  readonly #connection: Connection;
  readonly #log: vscode.LogOutputChannel;

  constructor(extension: vscode.Uri, connection: Connection, log: vscode.LogOutputChannel) {
    super(extension, 'activity', fromActivity, log);
    this.#connection = connection;
    this.#log = log;
    connection.events.on('activity', (records) => this.post({ type: 'newer', records: [...records] }));
    connection.events.on('reset', () => this.#reset());
    connection.events.on('change', () => this.post({ type: 'link', link: connection.link }));
  }

  protected override receive(message: FromActivity): void {
    if (message.type === 'ready') this.#reset();
    else void this.#older(message.before);
  }

  #reset(): void {
    this.post({ type: 'link', link: this.#connection.link });
    const records: Snapshot['activity'] = this.#connection.snapshot?.activity ?? [];
    this.post({ type: 'reset', records: [...records] });
  }

  async #older(before: number): Promise<void> {
    try {
      this.post({ type: 'older', records: [...(await this.#connection.call('activity', { limit: pageSize, before }))] });
    } catch (cause) {
      // The panel asks again when the line is back: every connection resets it.
      this.#log.warn(`Older activity could not be read: ${String(cause)}`);
    }
  }
}
