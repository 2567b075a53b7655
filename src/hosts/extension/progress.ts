import * as vscode from 'vscode';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import type { Connection } from './connection.ts';
import { contexts } from './contributions.ts';

/** Those of a person: an approval may also end by time. */
const answers: ReadonlySet<unknown> = new Set(['approved', 'denied']);

const marks: ReadonlyMap<string, (entry: AuditEntry) => boolean> = new Map([
  [contexts.decided, ({ kind }: AuditEntry) => kind === 'decision'],
  [contexts.answered, ({ kind, detail }: AuditEntry) => kind === 'approval-answered' && answers.has(detail?.['outcome'])],
]);

/** Ticks off the walkthrough's steps that happen outside of the editor: the first decision, the first answer of a person. */
export class Progress {
  readonly #reached = new Set<string>();

  constructor(connection: Connection) {
    connection.events.on('activity', (records) => this.#look(records));
    connection.events.on('reset', () => this.#look(connection.snapshot?.activity ?? []));
  }

  /** While the walkthrough opens. The editor ticks a step when its context becomes true, and not where it was before anybody looked. */
  async during(open: () => Promise<void>): Promise<void> {
    for (const context of this.#reached) await set(context, false);
    await open();
    for (const context of this.#reached) await set(context, true);
  }

  #look(records: readonly AuditRecord[]): void {
    for (const [context, isIt] of marks) {
      if (this.#reached.has(context) || !records.some(({ entry }) => isIt(entry))) continue;
      this.#reached.add(context);
      void set(context, true);
    }
  }
}

async function set(context: string, value: boolean): Promise<void> {
  await vscode.commands.executeCommand('setContext', context, value);
}
