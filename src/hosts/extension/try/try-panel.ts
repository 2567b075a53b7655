import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import {
  type FromTry,
  fromTry,
  type RuleInSight,
  type ShownExplanation,
  type ToTry,
  type TryFrom,
  type Wanted,
} from '../../../webview/try/messages.ts';
import { textOf } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { editors } from '../contributions.ts';
import { draftOf, draftsIn, isPolicy } from '../drafts.ts';
import { EditorPanel } from '../editor-panel.ts';
import type { EditedPolicies } from '../language/edited-policies.ts';
import type { Draft } from '../replay-process.ts';
import { windowState } from '../window-state.ts';
import type { ExplainProcess, ExplainQuestion } from './explain-process.ts';
import { isFilled, messageOf } from './message-of.ts';
import { openPlace } from './open-place.ts';
import { pickCall } from './pick-call.ts';

export interface TryPanelParts {
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly connection: Connection;
  readonly documents: EditedPolicies;
  readonly process: ExplainProcess;
  /** Shows an entry in the log. */
  readonly openEntry: (entry: { readonly seq: number; readonly time: number; readonly session: string }) => void;
}

/** People type faster than policies are read. */
const restMs = 250;

/** A call, and why it would be decided as it is: by the policies as they stand in the open editors. */
export class TryPanel extends EditorPanel<FromTry, ToTry> {
  readonly #parts: TryPanelParts;
  readonly #subscriptions: readonly vscode.Disposable[];
  #wanted: Wanted | undefined;
  #sight: RuleInSight | undefined;
  /** The page has not heard yet what the person asked for. */
  #isNew = false;
  #asking: AbortController | undefined;
  #soon: NodeJS.Timeout | undefined;
  #policies: number | undefined;

  constructor(parts: TryPanelParts) {
    super({
      extension: parts.extension,
      name: 'try',
      viewType: editors.tryCall,
      title: 'Try a Call',
      icon: 'beaker',
      incoming: fromTry,
      log: parts.log,
      column: vscode.ViewColumn.Beside,
    });
    this.#parts = parts;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document }) => isPolicy(parts.documents, document) && this.#askSoon()),
      vscode.workspace.onDidSaveTextDocument((document) => isPolicy(parts.documents, document) && this.#askSoon()),
    ];
    parts.connection.events.on('change', () => this.#policiesChanged());
  }

  try({ sight, recorded }: TryFrom): void {
    this.#sight = sight;
    const before = this.#wanted?.form ?? { kind: 'shell', text: '', content: '', agent: '', folder: '' };
    const form = { ...before, folder: this.#folderFor(sight) ?? (before.folder === '' ? firstFolder() : before.folder) };
    this.#wanted = { form, ...(recorded === undefined ? {} : { recorded }) };
    this.#isNew = true;
    this.open();
    this.#tell();
  }

  override dispose(): void {
    this.hidden();
    for (const one of this.#subscriptions) one.dispose();
    super.dispose();
  }

  protected override hidden(): void {
    clearTimeout(this.#soon);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  protected override receive(message: FromTry): void {
    switch (message.type) {
      case 'ready':
        this.#wanted ??= message.kept?.wanted;
        this.#sight ??= message.kept?.sight;
        this.#tell();
        this.#isNew = false;
        return;
      case 'ask':
        this.#wanted = message.wanted;
        this.#isNew = false;
        return void this.#ask();
      case 'pick':
        this.#wanted = message.wanted;
        return void this.#pick();
      case 'open':
        return void openPlace(message.file, message.line);
      case 'open-entry':
        return this.#parts.openEntry(message.recorded);
    }
  }

  /** A policy's own folder is where its rules hold. */
  #folderFor(sight: RuleInSight | undefined): string | undefined {
    if (sight === undefined) return undefined;
    const isShared = this.#parts.documents.layerOf(vscode.Uri.file(sight.file)) === 'workspace';
    return isShared ? dirname(dirname(sight.file)) : undefined;
  }

  #tell(): void {
    this.#wanted ??= { form: { kind: 'shell', text: '', content: '', agent: '', folder: firstFolder() } };
    this.post({ type: 'wanted', wanted: this.#wanted, ...(this.#sight && { sight: this.#sight }), isNew: this.#isNew });
    void this.#ask();
  }

  async #pick(): Promise<void> {
    try {
      const recorded = await pickCall(this.#parts.connection, this.#sight);
      if (recorded === undefined || this.#wanted === undefined) return;
      this.#wanted = { ...this.#wanted, recorded };
      this.#isNew = true;
      this.#tell();
    } catch (cause) {
      this.post({ type: 'failed', message: `The log cannot be read: ${textOf(cause)}.` });
    }
  }

  #policiesChanged(): void {
    const policies = this.#parts.connection.snapshot?.status.policies;
    if (policies === this.#policies) return;
    this.#policies = policies;
    this.#askSoon();
  }

  #askSoon(): void {
    clearTimeout(this.#soon);
    if (this.isVisible) this.#soon = setTimeout(() => void this.#ask(), restMs);
  }

  /** The newest question wins: one that is under way is given up. */
  async #ask(): Promise<void> {
    this.hidden();
    const wanted = this.#wanted;
    if (wanted === undefined || (wanted.recorded === undefined && !isFilled(wanted.form))) return this.post({ type: 'nothing' });
    const asking = new AbortController();
    this.#asking = asking;
    this.post({ type: 'asking' });
    const answer = await this.#answer(wanted, asking.signal).catch(cannotBeTried);
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.post(answer);
  }

  async #answer(wanted: Wanted, signal: AbortSignal): Promise<ToTry> {
    const drafts = this.#drafts();
    const answer = await this.#parts.process.ask({ call: callOf(wanted), drafts }, signal);
    if ('problems' in answer) return { type: 'problems', problems: [...answer.problems] };
    const sight = this.#sight && (await sightIn(answer, this.#sight));
    const unsaved = draftsIn(this.#parts.documents).map(({ path }) => basename(path));
    return { type: 'explained', explained: answer, drafts: unsaved, ...(sight && { sight }) };
  }

  /** The policy that the person looks at counts also where it is in force nowhere, but an organisation's is not theirs to draft. */
  #drafts(): readonly Draft[] {
    const { documents } = this.#parts;
    const drafts = draftsIn(documents);
    const looked = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === this.#sight?.file);
    if (looked === undefined || !isPolicy(documents, looked) || documents.layerOf(looked.uri) === 'organisation') return drafts;
    return drafts.some(({ path }) => path === looked.uri.fsPath) ? drafts : [...drafts, draftOf(looked)];
  }
}

function callOf({ form, recorded }: Wanted): ExplainQuestion['call'] {
  if (recorded !== undefined) return { seq: recorded.seq };
  return { message: messageOf(form), folder: form.folder === '' ? firstFolder() : form.folder, agent: form.agent.trim() };
}

function cannotBeTried(cause: unknown): ToTry {
  return { type: 'failed', message: `This cannot be tried: ${textOf(cause)}.` };
}

function firstFolder(): string {
  return windowState().folders[0] ?? homedir();
}

/** The rule under the name that its file has in the explanation, which follows links. */
async function sightIn({ documents }: ShownExplanation, sight: RuleInSight): Promise<RuleInSight> {
  const real = await realpath(sight.file).catch(() => sight.file);
  const named = documents.filter(({ policy }) => policy === sight.policy);
  const found =
    named.find(({ file }) => file === sight.file || file === real) ?? named.find(({ file }) => basename(file) === basename(sight.file));
  return { ...sight, file: found?.file ?? real };
}
