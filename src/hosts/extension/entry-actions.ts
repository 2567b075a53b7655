import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import { entryRow } from '../../engine/audit/entry-row.ts';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { EntryAction } from '../../webview/activity-editor/messages.ts';
import type { RecordedChoice } from '../../webview/try/messages.ts';
import { couldNot } from './complaints.ts';
import type { Connection } from './connection.ts';
import { commands } from './contributions.ts';
import type { FalsePositives } from './false-positives.ts';
import type { FromNowOn } from './from-now-on.ts';
import type { RuleDesk } from './load-rule-desk.ts';
import { openAt } from './open-file.ts';
import { openRule } from './open-rule.ts';
import type { SessionPages } from './session-pages.ts';

export interface EntryActionsParts {
  readonly connection: Connection;
  readonly fromNowOn: FromNowOn;
  readonly falsePositives: FalsePositives;
  readonly sessionPages: SessionPages;
  readonly ruleDesk: () => Promise<RuleDesk>;
}

/** What a person does with an entry of the log. What it says is asked of the governor again: the page is only a picture. */
export class EntryActions {
  readonly #parts: EntryActionsParts;

  constructor(parts: EntryActionsParts) {
    this.#parts = parts;
  }

  async run(action: EntryAction, seq: number, part = 0): Promise<void> {
    try {
      await this.#run(action, await this.#parts.connection.call('entry', { seq }), part);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(does[action], cause));
    }
  }

  async #run(action: EntryAction, details: EntryDetails, part: number): Promise<void> {
    const { entry } = details.record;
    switch (action) {
      case 'open-file':
        return openAt(await fileOf(entry));
      case 'open-policy':
        return openRule(details.rules[part], this.#parts.ruleDesk);
      case 'copy':
        return vscode.env.clipboard.writeText(`${JSON.stringify(details.record, null, 2)}\n`);
      case 'mark-seen':
        return markSeen(this.#parts.connection, details.record.seq);
      case 'session-page':
        return this.#parts.sessionPages.show(entry.session);
      case 'try':
        return void vscode.commands.executeCommand(commands.tryCall, { recorded: recordedOf(details.record) });
      case 'allow':
      case 'deny':
        return this.#parts.fromNowOn.propose(details, action);
      case 'false-positive':
        return this.#parts.falsePositives.propose(details.record, part);
      case 'ask':
        return this.#parts.fromNowOn.propose(details, 'require_approval');
    }
  }
}

const does: Readonly<Record<EntryAction, string>> = {
  'open-file': 'open the file',
  'open-policy': 'open the policy',
  copy: 'copy the entry',
  'mark-seen': 'mark it as seen',
  'session-page': 'make the session’s page',
  try: 'try the call',
  allow: 'propose a rule',
  deny: 'propose a rule',
  ask: 'propose a rule',
  'false-positive': 'say that it is a false positive',
};

function recordedOf(record: AuditRecord): RecordedChoice {
  const { seq, time, session = '', summary } = entryRow(record);
  return { seq, time, session, summary };
}

/** The file that a call names. The path is the agent's word: only a file that is there is opened. */
async function fileOf({ arguments: args = {}, cwd = '/' }: AuditEntry): Promise<string> {
  const named = ['file_path', 'notebook_path', 'path'].map((name) => args[name]).find((value) => typeof value === 'string');
  if (typeof named !== 'string') throw new Error('this call names no file');
  const file = resolve(cwd, named);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Error(`${file} is not there any more, or is not a file`);
  return file;
}

async function markSeen(connection: Connection, seq: number): Promise<void> {
  const prompt = 'It stays in the log, with your name and reason.';
  const reason = await vscode.window.showInputBox({
    title: 'Mark as seen',
    prompt,
    placeHolder: 'Why it is settled (optional)',
    ignoreFocusOut: true,
  });
  if (reason === undefined) return;
  const closed = await connection.call('closeIncidents', { seqs: [seq], reason, surface: 'editor' });
  if (closed.closed.length === 0)
    void vscode.window.showInformationMessage(`Incident ${seq} is not open: somebody has marked it as seen already.`);
}
