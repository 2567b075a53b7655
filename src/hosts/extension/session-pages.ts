import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { CliResult } from './cli.ts';
import { editors } from './contributions.ts';

type Cli = (args: readonly string[]) => Promise<CliResult>;

/** Shows sessions as the command line reports them: one HTML page, in a webview that runs and loads nothing. */
export class SessionPages {
  readonly #cli: Cli;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  async show(session: string | undefined): Promise<void> {
    if (session === undefined) throw new Error('the entry belongs to no session');
    const progress = { location: vscode.ProgressLocation.Notification, title: 'Reading and verifying the log…' };
    const page = await vscode.window.withProgress(progress, async () => this.#make(session));
    const panel = vscode.window.createWebviewPanel(
      editors.sessionPage,
      `Session ${visibleText(session).slice(0, 8)}`,
      vscode.ViewColumn.Active,
      {
        enableScripts: false,
        localResourceRoots: [],
        enableFindWidget: true,
      },
    );
    panel.iconPath = new vscode.ThemeIcon('history');
    // The page's own policy lets it use its one style sheet and nothing else.
    panel.webview.html = page;
  }

  async #make(session: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
    try {
      const file = join(folder, 'session.html');
      const { exitCode, stderr } = await this.#cli(['audit', 'report', '--session', session, '--html', file]);
      if (exitCode !== 0) throw new Error(stderr.trim());
      return await readFile(file, 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
