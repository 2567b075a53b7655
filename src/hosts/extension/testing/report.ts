import * as vscode from 'vscode';
import { visibleText } from '../../../engine/guardrail/visible-text.ts';
import type { TestOutcome } from '../../../engine/policy/test-list.ts';
import type { TestTree } from './test-tree.ts';

interface FileOutcomes {
  readonly file: vscode.TestItem;
  readonly outcomes: readonly TestOutcome[];
  readonly request: vscode.TestRunRequest;
}

/** Tells the editor what became of a file's tests, as far as it asked. */
export function report(run: vscode.TestRun, tree: TestTree, { file, outcomes, request }: FileOutcomes): void {
  const wanted = (item: vscode.TestItem): boolean => isWanted(item, request);
  // A file that cannot be used has no outcomes, but may still show the tests it had.
  if (typeof file.error === 'string') {
    const message = placed(new vscode.TestMessage(`The file cannot be used. ${file.error}`), file);
    for (const item of [file, ...leavesOf(file).filter(wanted)]) run.errored(item, message);
    return;
  }
  for (const outcome of outcomes) {
    const item = tree.find(file, outcome);
    if (item === undefined || !wanted(item)) continue;
    run.started(item);
    if (outcome.passed) run.passed(item);
    else run.failed(item, placed(difference(outcome), item));
  }
}

function difference({ message, expected, found }: TestOutcome): vscode.TestMessage {
  return vscode.TestMessage.diff(visibleText(message), visibleText(expected), visibleText(found));
}

function placed(message: vscode.TestMessage, { uri, range }: vscode.TestItem): vscode.TestMessage {
  if (uri) message.location = new vscode.Location(uri, range ?? new vscode.Range(0, 0, 0, 0));
  return message;
}

/** A test is asked for by its own name or by that of something above it. */
function isWanted(item: vscode.TestItem, { include, exclude }: vscode.TestRunRequest): boolean {
  const path = withAbove(item);
  return (include === undefined || include.some((one) => path.includes(one))) && !path.some((one) => exclude?.includes(one) === true);
}

function withAbove(item: vscode.TestItem): readonly vscode.TestItem[] {
  return item.parent === undefined ? [item] : [item, ...withAbove(item.parent)];
}

function leavesOf(item: vscode.TestItem): readonly vscode.TestItem[] {
  return [...item.children].flatMap(([, child]) => (child.children.size === 0 ? [child] : leavesOf(child)));
}
