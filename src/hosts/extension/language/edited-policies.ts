import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Layer } from '../../../engine/decision.ts';
import { organisationFolder } from '../../../storage/organisation-folder.ts';
import { settings } from '../contributions.ts';
import type { EditedPolicy, PolicyPlace } from '../language-desk.ts';
import { scheme } from './shipped-text.ts';

/** Which documents are policies, and of which layer. */
export class EditedPolicies {
  readonly #userPolicies: string;

  constructor(userPolicies: string) {
    this.#userPolicies = userPolicies;
  }

  /** All that is read as a policy, whether it can be changed or not. */
  get selector(): readonly vscode.DocumentFilter[] {
    return [...this.edited, { scheme }];
  }

  /** Those that a person may be writing. They stay YAML: what others do for YAML goes on. */
  get edited(): readonly vscode.DocumentFilter[] {
    const patterns = [
      '**/.countersign/*.{yaml,yml}',
      ...[this.#userPolicies, organisationFolder()].map((folder) => new vscode.RelativePattern(vscode.Uri.file(folder), '*.{yaml,yml}')),
      ...this.named,
    ];
    return patterns.flatMap((pattern) => ['file', 'untitled'].map((of) => ({ scheme: of, pattern })));
  }

  /** Where a setting says that more of them are. */
  get named(): readonly vscode.GlobPattern[] {
    const named = vscode.workspace.getConfiguration('countersign').get<unknown>(settings.policyFiles, []);
    return Array.isArray(named) ? named.filter((one) => typeof one === 'string').flatMap(patternsOf) : [];
  }

  isEdited(document: vscode.TextDocument): boolean {
    return vscode.languages.match([...this.edited], document) > 0;
  }

  read(document: vscode.TextDocument): EditedPolicy {
    const { uri } = document;
    const path = uri.fsPath;
    return { path, layer: this.layerOf(uri), isTestFile: /\.test\.ya?ml$/i.test(path), source: document.getText() };
  }

  /** Where rules may stand that a policy speaks of, the nearest first. */
  get folders(): readonly PolicyPlace[] {
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => join(uri.fsPath, '.countersign'));
    return [
      ...roots.map((path) => ({ path, layer: 'workspace' as const })),
      { path: this.#userPolicies, layer: 'user' },
      { path: organisationFolder(), layer: 'organisation' },
    ];
  }

  /** A file that only a setting names may be meant for any layer: it is checked as the person's own. */
  layerOf(uri: vscode.Uri): Layer {
    if (uri.scheme === scheme) return 'built-in';
    const folder = dirname(uri.fsPath);
    if (folder === organisationFolder()) return 'organisation';
    return folder !== this.#userPolicies && /[/\\]\.countersign$/.test(folder) ? 'workspace' : 'user';
  }
}

/** As in other settings: below each folder of the window, unless it says where. */
function patternsOf(pattern: string): readonly vscode.GlobPattern[] {
  if (isAbsolute(pattern) || pattern.startsWith('**')) return [pattern];
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => new vscode.RelativePattern(folder, pattern));
}
