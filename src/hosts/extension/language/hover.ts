import * as vscode from 'vscode';
import { type Context, guarded, surroundings } from './context.ts';
import { rangeOf } from './ranges.ts';

export function registerHover(context: Context): vscode.Disposable {
  const provide = async (document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> => {
    const desk = await context.desk();
    const found = desk.hover(context.documents.read(document), document.offsetAt(position), await surroundings(context));
    if (found === undefined) return undefined;
    // The code may hold text of files and of the log: it is shown as it stands. The rest is our own.
    const text = new vscode.MarkdownString().appendCodeblock(found.code, 'plaintext').appendText(found.text);
    return new vscode.Hover(text, rangeOf(document, found.span));
  };
  return vscode.languages.registerHoverProvider([...context.documents.selector], {
    provideHover: async (document, position) => guarded(context, 'Hover', async () => provide(document, position)),
  });
}
