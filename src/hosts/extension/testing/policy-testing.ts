import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { couldNot } from '../complaints.ts';
import type { PolicyDesk } from '../load-policy-desk.ts';
import type { PolicyText } from '../policy-text.ts';
import type { OwnPolicies } from '../own-policies.ts';
import { testController } from '../contributions.ts';
import { report } from './report.ts';
import { TestTree } from './test-tree.ts';

export interface PolicyTestingParts {
  readonly policies: OwnPolicies;
  readonly desk: () => Promise<PolicyDesk>;
  readonly log: vscode.LogOutputChannel;
}

/** Short enough to follow somebody who types, long enough not to read each letter. */
const restMs = 200;

/** The tests of policies in the Testing view. Nothing is read before somebody opens that view or a policy. */
export class PolicyTesting implements vscode.Disposable {
  readonly #parts: PolicyTestingParts;
  readonly #controller: vscode.TestController;
  readonly #tree: TestTree;
  readonly #soon = new Map<string, NodeJS.Timeout>();
  readonly #subscription: vscode.Disposable;
  #isWatching = false;

  constructor(parts: PolicyTestingParts) {
    this.#parts = parts;
    this.#controller = vscode.tests.createTestController(testController, 'Countersign Policies');
    this.#tree = new TestTree(this.#controller);
    this.#controller.resolveHandler = async () => this.#readAll();
    this.#controller.refreshHandler = async () => this.#readAll();
    this.#controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, async (request, token) => this.#run(request, token), true);
    this.#subscription = parts.policies.onDidChange((uri) => this.#readSoon(uri));
    for (const { uri } of vscode.workspace.textDocuments) if (parts.policies.includes(uri)) this.#readSoon(uri);
  }

  dispose(): void {
    for (const timer of this.#soon.values()) clearTimeout(timer);
    this.#subscription.dispose();
    this.#controller.dispose();
  }

  async #readAll(): Promise<void> {
    if (!this.#isWatching) this.#parts.policies.watch();
    this.#isWatching = true;
    const found = await this.#parts.policies.find();
    for (const uri of found) await this.#read(uri);
  }

  #readSoon(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#soon.get(key));
    this.#soon.set(
      key,
      setTimeout(() => void this.#readChanged(uri), restMs),
    );
  }

  /** Nobody waits for it: what goes wrong is for the log. */
  async #readChanged(uri: vscode.Uri): Promise<void> {
    this.#soon.delete(uri.toString());
    const item = this.#controller.items.get(uri.toString());
    if (item) this.#controller.invalidateTestResults(item);
    await this.#read(uri).catch((cause: unknown) => this.#parts.log.warn(couldNot(`read the tests of ${uri.fsPath}`, cause)));
  }

  async #read(uri: vscode.Uri): Promise<PolicyText | undefined> {
    const text = await this.#parts.policies.read(uri);
    if (text === undefined) this.#tree.remove(uri);
    else this.#tree.update(uri, (await this.#parts.desk()).testsIn(text));
    return text;
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(request);
    try {
      const wanted = request.include ?? [...this.#controller.items].map(([, item]) => item);
      const files = new Set(wanted.map((item) => this.#tree.fileOf(item)));
      for (const file of files) if (!token.isCancellationRequested) await this.#runFile(run, file, request);
    } finally {
      run.end();
    }
  }

  async #runFile(run: vscode.TestRun, file: vscode.TestItem, request: vscode.TestRunRequest): Promise<void> {
    const { uri } = file;
    const text = uri && (await this.#read(uri));
    if (text === undefined) return;
    const outcomes = (await this.#parts.desk()).outcomesIn(text, await this.#beside(text));
    report(run, this.#tree, { file, outcomes, request });
  }

  /** The files of the same folder, as the person sees them. */
  async #beside({ path }: PolicyText): Promise<readonly PolicyText[]> {
    return (await this.#parts.policies.texts()).filter((text) => dirname(text.path) === dirname(path));
  }
}
