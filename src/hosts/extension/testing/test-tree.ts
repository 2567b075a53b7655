import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Position } from '../../../engine/policy/position.ts';
import type { ListedTest, TestGroup, TestOutcome } from '../../../engine/policy/test-list.ts';
import type { TestsInFile } from '../policy-desk.ts';
import { labelText, rangeOf } from '../label-text.ts';

/** The items of policy files, rules and tests. An item that stays keeps its results. */
export class TestTree {
  readonly #controller: vscode.TestController;

  constructor(controller: vscode.TestController) {
    this.#controller = controller;
  }

  /** The file's item as it should be now; a file without tests has none. */
  update(uri: vscode.Uri, { groups, problem }: TestsInFile): void {
    const { items } = this.#controller;
    const known = items.get(uri.toString());
    if (problem === undefined && groups.length === 0) return items.delete(uri.toString());
    const file = known ?? this.#file(uri);
    file.error = problem && labelText(`Line ${problem.position.line}: ${problem.message}`);
    // While something is wrong, which is so while somebody types, its tests stay as they were.
    if (problem === undefined) this.#fill(file, groups);
    items.add(file);
  }

  remove(uri: vscode.Uri): void {
    this.#controller.items.delete(uri.toString());
  }

  fileOf(item: vscode.TestItem): vscode.TestItem {
    return item.parent === undefined ? item : this.fileOf(item.parent);
  }

  /** The test that an outcome is about. */
  find(file: vscode.TestItem, { group, id }: TestOutcome): vscode.TestItem | undefined {
    return (group === '' ? file : file.children.get(group))?.children.get(id);
  }

  #file(uri: vscode.Uri): vscode.TestItem {
    const item = this.#controller.createTestItem(uri.toString(), labelText(basename(uri.fsPath)), uri);
    item.description = labelText(vscode.workspace.asRelativePath(dirname(uri.fsPath)));
    return item;
  }

  /** The cases of a test file stand right below it. */
  #fill(file: vscode.TestItem, groups: readonly TestGroup[]): void {
    const [first] = groups;
    if (first?.id === '') return this.#tests(file, first.tests);
    const items = groups.map((group, index) => {
      const item = this.#item(file, group.id, group.label, group.position, index);
      this.#tests(item, group.tests);
      return item;
    });
    file.children.replace(items);
  }

  #tests(parent: vscode.TestItem, tests: readonly ListedTest[]): void {
    const items = tests.map(({ id, label, expected, position }, index) => {
      const item = this.#item(parent, id, label, position, index);
      item.description = labelText(expected);
      return item;
    });
    parent.children.replace(items);
  }

  #item(parent: vscode.TestItem, id: string, label: string, position: Position, index: number): vscode.TestItem {
    const item = parent.children.get(id) ?? this.#controller.createTestItem(id, labelText(label), parent.uri);
    item.range = rangeOf(position);
    item.sortText = String(index).padStart(6, '0');
    return item;
  }
}
