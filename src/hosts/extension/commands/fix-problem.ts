import * as vscode from 'vscode';
import type { Problem } from '../../../channel/messages.ts';
import { visibleText } from '../../../engine/guardrail/visible-text.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import type { FixFile } from '../fix-file.ts';
import type { Hooks } from '../hooks.ts';

/** Puts right what keeps agents from being governed. `problem`: which one; left out, a person picks. */
export function registerFixProblem(connection: Connection, fixFile: FixFile, hooks: Hooks): vscode.Disposable {
  return vscode.commands.registerCommand(commands.fixProblem, async (problem?: unknown) => {
    const problems = (connection.snapshot?.status.problems ?? []).filter(({ fix }) => fix !== undefined);
    const chosen = typeof problem === 'string' ? problems.find(({ id }) => id === problem) : await pick(problems);
    if (chosen?.fix?.reinstall === true) return hooks.install();
    if (chosen !== undefined) await fixFile.fix(chosen);
  });
}

async function pick(problems: readonly Problem[]): Promise<Problem | undefined> {
  if (problems.length === 0) void vscode.window.showInformationMessage('There is nothing to fix.');
  const items = problems.map((problem) => ({ problem, label: visibleText(problem.message), description: visibleText(problem.file ?? '') }));
  return items.length < 2 ? problems[0] : (await vscode.window.showQuickPick(items, { title: 'What is to be fixed?' }))?.problem;
}
