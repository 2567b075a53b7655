import * as vscode from 'vscode';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import { type Alert, alertKey, alertsIn, alertText } from './alert-text.ts';
import type { Connection } from './connection.ts';
import { notificationsWanted } from './notifications.ts';
import { realFolders } from './window-state.ts';

/** What comes together is told together. */
const gatherMs = 1_000;
/** More kinds in more sessions than that have been told long ago. */
const mostKnown = 10_000;

/** Tells what guardrails were to tell about: each kind once in a session, and one notice at a time for each session. */
export class AlertNotices implements vscode.Disposable {
  readonly #show: (alert: Alert) => void;
  readonly #known = new Set<string>();
  /** By session; while its notice is open, what is new waits. */
  readonly #waiting = new Map<string, Alert[]>();
  readonly #open = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, show: (alert: Alert) => void) {
    this.#show = show;
    connection.events.on('activity', (records) => this.#hear(records));
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #hear(records: readonly AuditRecord[]): void {
    if (!notificationsWanted()) return;
    const fresh = alertsIn(records, { folders: realFolders(), focused: vscode.window.state.focused }).filter(
      (alert) => !this.#known.has(alertKey(alert)),
    );
    for (const alert of fresh) {
      if (this.#known.size >= mostKnown) this.#known.clear();
      this.#known.add(alertKey(alert));
      this.#waiting.set(alert.session, [...(this.#waiting.get(alert.session) ?? []), alert]);
    }
    if (fresh.length > 0) this.#timer ??= setTimeout(() => this.#tellAll(), gatherMs);
  }

  #tellAll(): void {
    this.#timer = undefined;
    for (const session of this.#waiting.keys()) if (!this.#open.has(session)) void this.#tell(session);
  }

  async #tell(session: string): Promise<void> {
    const alerts = this.#waiting.get(session) ?? [];
    const [first] = alerts;
    this.#waiting.delete(session);
    if (first === undefined) return;
    this.#open.add(session);
    const text = alertText(alerts);
    const pressed = await vscode.window.showWarningMessage(text, 'Show');
    this.#open.delete(session);
    if (pressed === 'Show') this.#show(first);
    if (this.#waiting.has(session)) void this.#tell(session);
  }
}
