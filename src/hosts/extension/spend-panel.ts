import * as vscode from 'vscode';
import { spendCsv } from '../../engine/spend/csv.ts';
import type { SpendQuery } from '../../engine/spend/report.ts';
import { fromSpend, type FromSpend, type ToSpend } from '../../webview/spend/messages.ts';
import { couldNot, textOf } from './complaints.ts';
import type { Connection } from './connection.ts';
import { editors } from './contributions.ts';
import { EditorPanel } from './editor-panel.ts';
import { onSpend } from './spend-changes.ts';

interface SpendPanelOptions {
  readonly extension: vscode.Uri;
  readonly connection: Connection;
  readonly log: vscode.LogOutputChannel;
  /** Asks the person for a price; resolves with whether one was set. */
  readonly setPrice: (model: string) => Promise<boolean>;
}

/** Sessions that no hook tells of are counted, too, and so is what is read for the first time: nobody pushes these. */
const lookMs = 5_000;
const indexingMs = 2_000;

/** What agents have spent, as they spend it. */
export class SpendPanel extends EditorPanel<FromSpend, ToSpend> {
  readonly #connection: Connection;
  readonly #setPrice: SpendPanelOptions['setPrice'];
  readonly #changes: { readonly dispose: () => void };
  readonly #look: NodeJS.Timeout;

  constructor({ extension, connection, log, setPrice }: SpendPanelOptions) {
    super({ extension, name: 'spend', viewType: editors.spend, title: 'Spend', icon: 'graph', incoming: fromSpend, log });
    this.#connection = connection;
    this.#setPrice = setPrice;
    this.#changes = onSpend(connection, () => this.#changed());
    this.#look = setInterval(() => this.#changed(), lookMs).unref();
    connection.events.on('change', () => this.#tellLink());
  }

  override dispose(): void {
    this.#changes.dispose();
    clearInterval(this.#look);
    super.dispose();
  }

  protected override receive(message: FromSpend): void {
    switch (message.type) {
      case 'ready':
        return this.post({ type: 'link', link: this.#connection.link });
      case 'ask':
        return void this.#answer(message.query);
      case 'export':
        return void this.#export(message.query);
      case 'set-price':
        return void this.#price(message.model);
    }
  }

  #told = '';

  /** A page that has just been told asks at once; only what is new is worth telling. */
  #tellLink(): void {
    const link = JSON.stringify(this.#connection.link);
    if (link === this.#told) return;
    this.#told = link;
    this.post({ type: 'link', link: this.#connection.link });
  }

  #changed(): void {
    if (this.isVisible && this.#connection.link.state === 'governed') this.post({ type: 'changed' });
  }

  async #answer(query: SpendQuery): Promise<void> {
    try {
      const [report, budgets] = await Promise.all([this.#connection.call('spend', query), this.#connection.call('budgets', {})]);
      const { rows, steps, unpriced, said, stale, ...rest } = report;
      this.post({
        type: 'report',
        query,
        report: {
          ...rest,
          rows: [...rows],
          steps: [...steps],
          unpriced: [...unpriced],
          ...(said === undefined ? {} : { said: [...said] }),
          ...(stale === undefined ? {} : { stale: [...stale] }),
        },
        budgets: budgets.map((budget) => ({ ...budget, alertAt: [...budget.alertAt] })),
      });
      if (report.indexing) setTimeout(() => this.#changed(), indexingMs).unref();
    } catch (cause) {
      this.post({ type: 'failed', reason: `${textOf(cause)}.` });
    }
  }

  async #export(query: SpendQuery): Promise<void> {
    try {
      const { rows } = await this.#connection.call('spend', query);
      const target = await vscode.window.showSaveDialog({
        title: 'Export the spend as CSV',
        filters: { CSV: ['csv'] },
        defaultUri: fileFor(query),
      });
      if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(spendCsv(rows)));
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('export the spend', cause));
    }
  }

  async #price(model: string): Promise<void> {
    try {
      if (await this.#setPrice(model)) this.#changed();
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(`set a price for ${model}`, cause));
    }
  }
}

function fileFor({ by, since }: SpendQuery): vscode.Uri {
  const name = `spend-by-${by}-since-${new Date(since).toISOString().slice(0, 10)}.csv`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name);
}
