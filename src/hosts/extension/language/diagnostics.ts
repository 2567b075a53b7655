import * as vscode from 'vscode';
import type { PolicyProblem } from '../../../engine/policy/policy-set.ts';
import type { LanguageDesk } from '../language-desk.ts';
import { type Context, guarded, othersSpeakYaml, places } from './context.ts';
import { FilesAround } from './workspace-files.ts';

/** Together with what a look at 500 rules takes, well below what a person notices. */
const pauseMs = 25;
/** What works may wait until the person has stopped. */
const remarkPauseMs = 300;

type Look = (desk: LanguageDesk, isCurrent: () => boolean) => Promise<void>;

/** Problems of the policies that are open in the editor, while they are written. */
export class Diagnostics {
  readonly #context: Context;
  readonly #shown = vscode.languages.createDiagnosticCollection('countersign');
  readonly #files = new FilesAround();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable;

  constructor(context: Context) {
    this.#context = context;
    const all = (): void => vscode.workspace.textDocuments.forEach((document) => this.#look(document));
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('countersign') && all()),
      vscode.extensions.onDidChange(all),
    );
    all();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#shown.dispose();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  #look(document: vscode.TextDocument): void {
    if (!this.#context.documents.isEdited(document)) return this.#forget(document);
    // Whoever opens a policy soon wants names: the governor needs a moment for those in the log.
    void this.#context.seen.names();
    this.#later(document, pauseMs, async (desk) => {
      const problems = this.#problemsOf(desk, document);
      this.#shown.set(document.uri, problems);
      this.#later(document, remarkPauseMs, async (_, isCurrent) => {
        const remarks = await this.#remarksOf(desk, document);
        if (isCurrent()) this.#shown.set(document.uri, [...problems, ...remarks]);
      });
    });
  }

  #later(document: vscode.TextDocument, ms: number, run: Look): void {
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    const isCurrent = (): boolean => this.#waiting.get(key) === timer;
    const start = (): void => {
      void guarded(this.#context, 'Problems of a policy', async () => {
        const desk = await this.#context.desk();
        // Closed, or changed again, while the desk was fetched.
        if (isCurrent()) await run(desk, isCurrent);
      });
    };
    const timer = setTimeout(start, ms);
    this.#waiting.set(key, timer);
  }

  #forget({ uri }: vscode.TextDocument): void {
    clearTimeout(this.#waiting.get(uri.toString()));
    this.#waiting.delete(uri.toString());
    this.#shown.delete(uri);
  }

  #problemsOf(desk: LanguageDesk, document: vscode.TextDocument): vscode.Diagnostic[] {
    const found = desk.problems(this.#context.documents.read(document));
    const shown = othersSpeakYaml() ? found.filter(({ inSchema }) => inSchema !== true) : found;
    return shown.map((problem) => diagnosticOf(document, problem));
  }

  async #remarksOf(desk: LanguageDesk, document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
    const policy = this.#context.documents.read(document);
    const files = await this.#files.around(document);
    const found = desk.remarks(policy, places(this.#context), new Date(), files);
    return found.map(({ start, end, message, severity }) => {
      const remark = new vscode.Diagnostic(
        new vscode.Range(start.line, start.character, end.line, end.character),
        message,
        severities[severity],
      );
      remark.source = 'Countersign';
      return remark;
    });
  }
}

const severities = { warning: vscode.DiagnosticSeverity.Warning, hint: vscode.DiagnosticSeverity.Hint };

function diagnosticOf(document: vscode.TextDocument, { position, message }: PolicyProblem): vscode.Diagnostic {
  const { line, column, endLine, endColumn } = position;
  const range = document.validateRange(new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1));
  const problem = new vscode.Diagnostic(range.isEmpty ? wordAt(document, range.start) : range, message);
  problem.source = 'Countersign';
  return problem;
}

/** Something to see, where a problem is between two characters. */
function wordAt(document: vscode.TextDocument, place: vscode.Position): vscode.Range {
  return document.getWordRangeAtPosition(place) ?? new vscode.Range(place, place.translate(0, 1));
}
