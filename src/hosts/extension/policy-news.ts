import * as vscode from 'vscode';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import { couldNot } from './complaints.ts';
import type { Connection } from './connection.ts';
import { commands, settings } from './contributions.ts';
import { openAt } from './open-file.ts';
import { newsOf, newsText, type PolicyChangeNews } from './policy-news-text.ts';
import type { PolicyVersions } from './policy-versions.ts';
import { realFolders } from './window-state.ts';

/** A change that the person made in this window needs no telling. */
const ownMs = 5_000;

/** Says in words what is new in the policies of this window's folders, when a branch was pulled for example. */
export class PolicyNews implements vscode.Disposable {
  readonly #versions: PolicyVersions;
  readonly #saved = new Map<string, number>();
  readonly #saving: vscode.Disposable;

  constructor(connection: Connection, versions: PolicyVersions) {
    this.#versions = versions;
    this.#saving = vscode.workspace.onDidSaveTextDocument(({ uri }) => void this.#saved.set(uri.fsPath, Date.now()));
    connection.events.on('activity', (records) => records.forEach((record) => void this.#hear(record)));
  }

  dispose(): void {
    this.#saving.dispose();
  }

  async #hear({ entry }: AuditRecord): Promise<void> {
    const news = entry.kind === 'policy' ? newsOf(entry, realFolders()) : undefined;
    if (news === undefined || vscode.workspace.getConfiguration('countersign').get(settings.notifications) === 'off') return;
    try {
      await this.#tell(news);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('show what is new in a policy', cause));
    }
  }

  async #tell(news: PolicyChangeNews): Promise<void> {
    const { folder, file, before, digest } = news;
    const trust = news.isGone ? undefined : (await this.#versions.overview(folder, file))?.trust;
    const asks = trust?.isTrusted === false;
    if (!asks && Date.now() - (this.#saved.get(file) ?? -Infinity) < ownMs) return;
    const see = before === undefined ? 'Open' : 'Show Difference';
    const buttons = news.isGone ? ['Show Policies'] : asks ? [see, 'Trust…'] : [see];
    const pressed = asks
      ? await vscode.window.showWarningMessage(newsText(news, asks), ...buttons)
      : await vscode.window.showInformationMessage(newsText(news, asks), ...buttons);
    if (pressed === 'Trust…') await vscode.commands.executeCommand(commands.trustWorkspacePolicy, { folder, row: { file } });
    if (pressed === 'Show Policies') await vscode.commands.executeCommand(commands.showPolicies);
    if (pressed === 'Open' || (pressed === see && !(await this.#versions.compare(file, before ?? '', digest)))) await openAt(file);
  }
}
