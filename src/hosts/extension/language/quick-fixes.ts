import * as vscode from 'vscode';
import type { Fix } from '../../../engine/policy/language/fix.ts';
import { type Context, guarded, surroundings } from './context.ts';
import { rangeOf, spanOf } from './ranges.ts';

export function registerQuickFixes(context: Context): vscode.Disposable {
  const provide = async (document: vscode.TextDocument, problems: readonly vscode.Diagnostic[]): Promise<vscode.CodeAction[]> => {
    const desk = await context.desk();
    const around = await surroundings(context);
    const policy = context.documents.read(document);
    return problems.flatMap((problem) =>
      desk.fixes(policy, spanOf(document, problem.range), around).map((fix) => actionOf(document, fix, problem)),
    );
  };
  return vscode.languages.registerCodeActionsProvider(
    [...context.documents.edited],
    {
      // Of others, too: where another extension says that a field is unknown, we know which one is meant.
      provideCodeActions: async (document, _, { diagnostics }) =>
        guarded(context, 'Quick fixes', async () => provide(document, diagnostics)),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function actionOf(document: vscode.TextDocument, { title, edits, isPreferred }: Fix, problem: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { span, text } of edits) action.edit.replace(document.uri, rangeOf(document, span), text);
  action.diagnostics = [problem];
  action.isPreferred = isPreferred;
  return action;
}
