import * as vscode from 'vscode';
import type { OutlineItem } from '../../../engine/policy/language/outline.ts';
import { type Context, guarded } from './context.ts';
import { rangeOf } from './ranges.ts';

export function registerStructure(context: Context): vscode.Disposable {
  const { documents } = context;
  const selector = [...documents.selector];
  return vscode.Disposable.from(
    vscode.languages.registerDocumentSymbolProvider(
      selector,
      {
        provideDocumentSymbols: async (document) =>
          guarded(context, 'Outline', async () => {
            const items = (await context.desk()).outline(documents.read(document));
            return items.map((item) => symbolOf(document, item));
          }),
      },
      { label: 'Countersign' },
    ),
    vscode.languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: async (document) =>
        guarded(context, 'Folding', async () => {
          const found = (await context.desk()).folds(documents.read(document));
          return found.map(
            ({ first, last, isComment }) => new vscode.FoldingRange(first, last, ...(isComment ? [vscode.FoldingRangeKind.Comment] : [])),
          );
        }),
    }),
  );
}

const kinds: Readonly<Record<OutlineItem['kind'], vscode.SymbolKind>> = {
  policy: vscode.SymbolKind.Namespace,
  budget: vscode.SymbolKind.Namespace,
  rule: vscode.SymbolKind.Method,
  exemption: vscode.SymbolKind.Event,
  limit: vscode.SymbolKind.Number,
  test: vscode.SymbolKind.Method,
};

function symbolOf(document: vscode.TextDocument, { name, detail, kind, chosen, items, ...span }: OutlineItem): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(name, detail, kinds[kind], rangeOf(document, span), rangeOf(document, chosen));
  symbol.children = items.map((item) => symbolOf(document, item));
  return symbol;
}
