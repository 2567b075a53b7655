import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { EntrySearch } from '../../../engine/audit/search.ts';
import type { RulePlace } from '../../../engine/policy/rule-line.ts';
import { couldNot } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands, settings } from '../contributions.ts';
import type { PolicyDesk } from '../load-policy-desk.ts';
import type { EditedPolicies } from '../language/edited-policies.ts';
import { rangeOf } from '../label-text.ts';
import { Lately } from './lately.ts';
import { latelyText } from './lately-text.ts';

export interface RuleLensesParts {
  readonly documents: EditedPolicies;
  readonly desk: () => Promise<PolicyDesk>;
  readonly connection: Connection;
  readonly log: vscode.LogOutputChannel;
}

/** The line above a rule that says what it did lately. What it says is asked for when the line is in sight. */
class LatelyLens extends vscode.CodeLens {
  readonly rule: string;
  /** Where the policy counts; left out: everywhere. */
  readonly folder: string | undefined;

  constructor({ policy, rule, position }: RulePlace, folder: string | undefined) {
    super(rangeOf(position));
    this.rule = `${policy}/${rule}`;
    this.folder = folder;
  }
}

/** Opens the page on which the rule is tried on a call. */
function tryLens({ policy, rule, position }: RulePlace, file: string): vscode.CodeLens {
  return new vscode.CodeLens(rangeOf(position), {
    title: 'Try…',
    tooltip: 'See how this rule decides on a call, and why',
    command: commands.tryCall,
    arguments: [{ sight: { policy, rule, file } }],
  });
}

/** However many decisions there are, counts are asked for anew once in this time. */
const restMs = 5_000;
const dayMs = 86_400_000;

export class RuleLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  readonly #parts: RuleLensesParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #lately: Lately;
  readonly #subscriptions: readonly vscode.Disposable[];
  /** While a text cannot be read, which is so while somebody types, its lines stay. */
  readonly #last = new Map<string, vscode.CodeLens[]>();
  #news: NodeJS.Timeout | undefined;
  #provider: vscode.Disposable | undefined;

  constructor(parts: RuleLensesParts) {
    this.#parts = parts;
    this.#lately = new Lately(parts.connection);
    this.onDidChangeCodeLenses = this.#changed.event;
    parts.connection.events.on('activity', () => this.#tellSoon());
    parts.connection.events.on('reset', () => this.#tellNow());
    this.#subscriptions = [
      this.#changed,
      // Which documents are meant is fixed with each registration.
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#register()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`countersign.${settings.policyFiles}`)) this.#register();
        if (change.affectsConfiguration(`countersign.${settings.codeLens}`)) this.#changed.fire();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#last.delete(uri.toString())),
    ];
    this.#register();
  }

  dispose(): void {
    clearTimeout(this.#news);
    this.#provider?.dispose();
    for (const one of this.#subscriptions) one.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!this.#isWanted() || !this.#isPolicy(document)) return [];
    const key = document.uri.toString();
    try {
      const rules = (await this.#parts.desk()).rulesIn(document.getText());
      const folder = this.#parts.documents.layerOf(document.uri) === 'workspace' ? dirname(dirname(document.uri.fsPath)) : undefined;
      if (rules !== undefined)
        this.#last.set(
          key,
          rules.flatMap((rule) => [new LatelyLens(rule, folder), tryLens(rule, document.uri.fsPath)]),
        );
    } catch (cause) {
      this.#parts.log.warn(couldNot(`find the rules of ${document.uri.fsPath}`, cause));
    }
    return this.#last.get(key) ?? [];
  }

  async resolveCodeLens(lens: vscode.CodeLens): Promise<vscode.CodeLens> {
    if (!(lens instanceof LatelyLens)) return lens;
    const counted = await this.#lately.in(await placesOf(lens.folder));
    lens.command =
      counted === undefined
        ? { title: 'no counts without the governor', command: '' }
        : {
            title: latelyText(counted.rules.get(lens.rule), counted.days),
            tooltip: 'Show these calls in the Activity editor',
            command: commands.openActivity,
            arguments: [searchFor(lens, counted.days)],
          };
    return lens;
  }

  #register(): void {
    this.#provider?.dispose();
    this.#provider = vscode.languages.registerCodeLensProvider([...this.#parts.documents.edited], this);
  }

  #isPolicy(document: vscode.TextDocument): boolean {
    return this.#parts.documents.isEdited(document) && !/\.test\.ya?ml$/i.test(document.uri.path);
  }

  #isWanted(): boolean {
    return vscode.workspace.getConfiguration('countersign').get(settings.codeLens, true);
  }

  #tellNow(): void {
    this.#lately.forget();
    this.#changed.fire();
  }

  /** Each decision may have changed a count: told once in a while, and only where a policy is in sight. */
  #tellSoon(): void {
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      this.#lately.forget();
      if (vscode.window.visibleTextEditors.some(({ document }) => this.#isPolicy(document))) this.#changed.fire();
    }, restMs);
  }
}

/** The entries that were counted, as far as a search can say it. */
function searchFor({ rule, folder }: LatelyLens, days: number): EntrySearch {
  return { rules: [rule], kinds: ['decision'], since: Date.now() - days * dayMs, ...(folder === undefined ? {} : { path: folder }) };
}

/** An agent may have named the folder by another of its names. */
async function placesOf(folder: string | undefined): Promise<readonly string[] | undefined> {
  if (folder === undefined) return undefined;
  return [folder, await realpath(folder).catch(() => folder)];
}
