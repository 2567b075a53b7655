import * as vscode from 'vscode';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import type { Connection } from './connection.ts';
import { contexts } from './contributions.ts';

/** Those of a person: an approval may also end by time. */
const answers: ReadonlySet<unknown> = new Set(['approved', 'denied']);

/** Ticks off the walkthrough's steps that happen outside of the editor: the first decision, the first answer of a person. */
export function registerProgress(connection: Connection): vscode.Disposable {
  const left = new Map<string, (entry: AuditEntry) => boolean>([
    [contexts.decided, ({ kind }) => kind === 'decision'],
    [contexts.answered, ({ kind, detail }) => kind === 'approval-answered' && answers.has(detail?.['outcome'])],
  ]);
  const look = (records: readonly AuditRecord[]): void => {
    for (const [context, isIt] of left) {
      if (!records.some(({ entry }) => isIt(entry))) continue;
      left.delete(context);
      void vscode.commands.executeCommand('setContext', context, true);
    }
  };
  connection.events.on('activity', look);
  connection.events.on('reset', () => look(connection.snapshot?.activity ?? []));
  return { dispose: () => undefined };
}
