import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { PolicyText } from './policy-text.ts';

const names = '*.{yaml,yml}';
const everyFolder = `**/.countersign/${names}`;

/** The policy files that a person edits in this window: those of its folders, and their own. */
export class PolicyDocuments implements vscode.Disposable {
  /** A file came, went or has another text, saved or not. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly #userPolicies: string;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(userPolicies: string) {
    this.#userPolicies = userPolicies;
    this.onDidChange = this.#changed.event;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.#tell(document.uri)),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#tell(uri)),
      // What was not saved is not there any more.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#tell(uri)),
    ];
  }

  /** For language features: these documents and no other YAML. */
  get selector(): vscode.DocumentSelector {
    return [
      { scheme: 'file', pattern: everyFolder },
      { scheme: 'file', pattern: this.#own },
    ];
  }

  includes(uri: vscode.Uri): boolean {
    if (uri.scheme !== 'file' || !/\.ya?ml$/i.test(uri.path)) return false;
    const folder = dirname(uri.fsPath);
    if (folder === this.#userPolicies) return true;
    return /[/\\]\.countersign$/.test(folder) && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  }

  layerOf(uri: vscode.Uri): PolicyText['layer'] {
    return dirname(uri.fsPath) === this.#userPolicies ? 'user' : 'workspace';
  }

  /** Whether rules may stand in it; it need not have been saved yet. */
  holdsPolicy(uri: vscode.Uri): boolean {
    return this.includes(uri.scheme === 'untitled' ? onDisk(uri) : uri) && !/\.test\.ya?ml$/i.test(uri.path);
  }

  /** Those on the disk, in the order of their paths. */
  async find(): Promise<readonly vscode.Uri[]> {
    const shared = await vscode.workspace.findFiles(everyFolder, '**/node_modules/**');
    const own = (await readdir(this.#userPolicies).catch(() => [])).map((name) => vscode.Uri.file(join(this.#userPolicies, name)));
    const unique = new Map([...shared, ...own].filter((uri) => this.includes(uri)).map((uri) => [uri.toString(), uri]));
    return [...unique.values()].toSorted((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
  }

  /** Their texts as the person sees them, and those of new ones that were never saved. */
  async texts(): Promise<readonly PolicyText[]> {
    const read = (await this.find()).map(async (uri) => this.read(uri));
    const saved = (await Promise.all(read)).filter((text) => text !== undefined);
    const unsaved = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'untitled' && this.includes(onDisk(uri)));
    return [...saved, ...unsaved.map((document) => this.#unsaved(document))];
  }

  /** Tells of files on the disk, too, from now on. */
  watch(): void {
    for (const pattern of [everyFolder, this.#own]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event((uri) => this.#tell(uri));
      this.#subscriptions.push(watcher);
    }
  }

  /** The text as the person sees it; `undefined` where there is no such file any more. */
  async read(uri: vscode.Uri): Promise<PolicyText | undefined> {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    const source = open?.getText() ?? (await readFile(uri.fsPath, 'utf8').catch(() => undefined));
    return source === undefined ? undefined : { path: uri.fsPath, layer: this.layerOf(uri), source };
  }

  dispose(): void {
    for (const one of this.#subscriptions) one.dispose();
  }

  /** The person's policies may lie in a folder of the window, or outside of all. */
  get #own(): vscode.RelativePattern {
    return new vscode.RelativePattern(vscode.Uri.file(this.#userPolicies), names);
  }

  #unsaved(document: vscode.TextDocument): PolicyText {
    const { uri } = document;
    return { path: uri.fsPath, layer: this.layerOf(uri), source: document.getText(), isNew: true };
  }

  #tell(uri: vscode.Uri): void {
    if (this.includes(uri)) this.#changed.fire(uri);
  }
}

/** Where a new document will lie. */
function onDisk(uri: vscode.Uri): vscode.Uri {
  return uri.with({ scheme: 'file' });
}
