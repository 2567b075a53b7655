import * as vscode from 'vscode';
import { type Context, guarded, places } from './context.ts';
import { locationOf, rangeOf } from './ranges.ts';

export function registerNavigation(context: Context): vscode.Disposable {
  const { documents } = context;
  const definitions: vscode.DefinitionProvider = {
    provideDefinition: async (document, position) =>
      guarded(context, 'Definition', async () => {
        const desk = await context.desk();
        return desk.definitions(documents.read(document), document.offsetAt(position), places(context)).map(locationOf);
      }),
  };
  const references: vscode.ReferenceProvider = {
    provideReferences: async (document, position, { includeDeclaration }) =>
      guarded(context, 'References', async () => {
        const desk = await context.desk();
        const at = document.offsetAt(position);
        return desk.references(documents.read(document), at, places(context), includeDeclaration).map(locationOf);
      }),
  };
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider([...documents.selector], definitions),
    vscode.languages.registerReferenceProvider([...documents.selector], references),
    vscode.languages.registerRenameProvider([...documents.edited], renaming(context)),
  );
}

/** What cannot be renamed is told to the person. */
function renaming(context: Context): vscode.RenameProvider {
  const { documents } = context;
  return {
    prepareRename: async (document, position) => {
      const desk = await context.desk();
      const renamed = desk.renamed(documents.read(document), document.offsetAt(position), places(context));
      if (renamed === undefined) throw new Error('Only rules and policies of this folder can be renamed here.');
      return { range: rangeOf(document, renamed.span), placeholder: renamed.name };
    },
    provideRenameEdits: async (document, position, name) => {
      const desk = await context.desk();
      const edits = desk.rename(documents.read(document), document.offsetAt(position), name, places(context));
      const change = new vscode.WorkspaceEdit();
      for (const { text, ...place } of edits) {
        // The document itself may not have a file yet.
        const { uri, range } = locationOf(place);
        change.replace(place.path === document.uri.fsPath ? document.uri : uri, range, text);
      }
      return change;
    },
  };
}
