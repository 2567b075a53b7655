import * as vscode from 'vscode';
import type { Completion } from '../../../engine/policy/language/completion.ts';
import { type Context, guarded, surroundings } from './context.ts';
import { rangeOf } from './ranges.ts';

const triggers = ['.', '"', "'", '/', ' ', '[', '{', ','];

export function registerCompletion(context: Context): vscode.Disposable {
  const provide = async (
    document: vscode.TextDocument,
    position: vscode.Position,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionItem[] | undefined> => {
    // In the middle of a sentence, nobody asked.
    if (triggerCharacter === ' ' && !/[:,-] $/.test(document.lineAt(position).text.slice(0, position.character))) return undefined;
    const desk = await context.desk();
    const found = desk.complete(context.documents.read(document), document.offsetAt(position), await surroundings(context));
    return found.map((one, index) => itemOf(document, one, index));
  };
  return vscode.languages.registerCompletionItemProvider(
    [...context.documents.edited],
    {
      provideCompletionItems: async (document, position, _, why) =>
        guarded(context, 'Completion', async () => provide(document, position, why)),
    },
    ...triggers,
  );
}

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  field: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  name: vscode.CompletionItemKind.Constant,
  snippet: vscode.CompletionItemKind.Snippet,
  member: vscode.CompletionItemKind.Field,
  function: vscode.CompletionItemKind.Function,
  variable: vscode.CompletionItemKind.Variable,
};

function itemOf(document: vscode.TextDocument, completion: Completion, index: number): vscode.CompletionItem {
  const { label, kind, detail, help, insert, replace, goesOn } = completion;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.insertText = new vscode.SnippetString(insert);
  item.range = rangeOf(document, replace);
  item.sortText = String(index).padStart(4, '0');
  if (detail !== undefined) item.detail = detail;
  // As text: never markdown.
  if (help !== undefined) item.documentation = help;
  if (goesOn === true && !insert.includes('\n')) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}
