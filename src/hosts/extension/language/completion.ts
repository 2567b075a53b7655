import * as vscode from 'vscode';
import type { Completion } from '../../../engine/policy/language/completion.ts';
import type { Span } from '../../../engine/policy/language/part.ts';
import { type Context, guarded, surroundings } from './context.ts';

const triggers = ['.', '"', "'", '/', ' ', '[', '{', ','];

export function registerCompletion(context: Context): vscode.Disposable {
  const provide = async (
    document: vscode.TextDocument,
    position: vscode.Position,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionItem[] | undefined> => {
    // In the middle of a sentence, nobody asked.
    if (triggerCharacter === ' ' && !/[:,-] $/.test(document.lineAt(position).text.slice(0, position.character))) return undefined;
    // What stands there now: people type on while we look for an answer, and the editor moves what was true of this moment.
    const [policy, offset] = [context.documents.read(document), document.offsetAt(position)];
    const desk = await context.desk();
    const found = desk.complete(policy, offset, await surroundings(context));
    return found.map((one, index) => itemOf(one, index, ({ start, end }) => within(position, start - offset, end - offset)));
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

/** What is replaced lies in the line of the cursor. */
function within(cursor: vscode.Position, start: number, end: number): vscode.Range {
  return new vscode.Range(cursor.translate(0, start), cursor.translate(0, end));
}

function itemOf(completion: Completion, index: number, rangeOf: (span: Span) => vscode.Range): vscode.CompletionItem {
  const { label, kind, detail, help, insert, replace, goesOn } = completion;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.insertText = new vscode.SnippetString(insert);
  item.range = rangeOf(replace);
  item.sortText = String(index).padStart(4, '0');
  if (detail !== undefined) item.detail = detail;
  // As text: never markdown.
  if (help !== undefined) item.documentation = help;
  if (goesOn === true && !insert.includes('\n')) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}
