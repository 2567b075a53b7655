import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { EditedPolicies } from './language/edited-policies.ts';
import type { PolicyText } from './policy-text.ts';

const names = '*.{yaml,yml}';
const everyFolder = `**/.countersign/${names}`;

/** The policy files of this window on the disk, in the text that the person sees: those of its folders, their own, and those a setting names. */
export class OwnPolicies implements vscode.Disposable {
  /** A file came, went or has another text, saved or not. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly documents: EditedPolicies;
  readonly #userPolicies: string;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  /** Those that only a setting names, as far as anybody has come across them. */
  readonly #named = new Set<string>();

  constructor(documents: EditedPolicies, userPolicies: string) {
    this.documents = documents;
    this.#userPolicies = userPolicies;
    this.onDidChange = this.#changed.event;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.#tell(document.uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
      // What was not saved is not there any more.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#tell(uri)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#opened(document);
  }

  includes(uri: vscode.Uri): boolean {
    if (uri.scheme !== 'file' || !/\.ya?ml$/i.test(uri.path)) return false;
    const folder = dirname(uri.fsPath);
    if (folder === this.#userPolicies || this.#named.has(uri.toString())) return true;
    return /[/\\]\.countersign$/.test(folder) && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  }

  /** Those on the disk, in the order of their paths. */
  async find(): Promise<readonly vscode.Uri[]> {
    const searches = [everyFolder, ...this.documents.named].map(async (pattern) =>
      vscode.workspace.findFiles(pattern, '**/node_modules/**'),
    );
    const [shared = [], ...named] = await Promise.all(searches);
    for (const uri of named.flat()) this.#named.add(uri.toString());
    const own = (await readdir(this.#userPolicies).catch(() => [])).map((name) => vscode.Uri.file(join(this.#userPolicies, name)));
    const found = [...shared, ...named.flat(), ...own].filter((uri) => this.includes(uri));
    const unique = new Map(found.map((uri) => [uri.toString(), uri]));
    return [...unique.values()].toSorted((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
  }

  /** Their texts as the person sees them, and those of new ones that were never saved. */
  async texts(): Promise<readonly PolicyText[]> {
    const read = (await this.find()).map(async (uri) => this.read(uri));
    const saved = (await Promise.all(read)).filter((text) => text !== undefined);
    const unsaved = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === 'untitled' && this.includes(uri.with({ scheme: 'file' })),
    );
    return [...saved, ...unsaved.map((document) => ({ ...this.documents.read(document), isNew: true as const }))];
  }

  /** Tells of files on the disk, too, from now on. */
  watch(): void {
    const own = new vscode.RelativePattern(vscode.Uri.file(this.#userPolicies), names);
    for (const pattern of [everyFolder, own, ...this.documents.named]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event((uri) => this.#tell(uri));
      this.#subscriptions.push(watcher);
    }
  }

  /** The text as the person sees it; `undefined` where there is no such file any more. */
  async read(uri: vscode.Uri): Promise<PolicyText | undefined> {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open) return this.documents.read(open);
    const source = await readFile(uri.fsPath, 'utf8').catch(() => undefined);
    return source === undefined ? undefined : { path: uri.fsPath, layer: this.documents.layerOf(uri), source };
  }

  dispose(): void {
    for (const one of this.#subscriptions) one.dispose();
  }

  #opened(document: vscode.TextDocument): void {
    if (document.uri.scheme === 'file' && this.documents.isEdited(document)) this.#named.add(document.uri.toString());
    this.#tell(document.uri);
  }

  #tell(uri: vscode.Uri): void {
    if (this.includes(uri)) this.#changed.fire(uri);
  }
}
