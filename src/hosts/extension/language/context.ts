import * as vscode from 'vscode';
import type { Surroundings } from '../language-desk.ts';
import type { Desk } from './desk.ts';
import type { EditedPolicies } from './edited-policies.ts';
import type { SeenInLog } from './seen-names.ts';

/** What every provider needs. */
export interface Context {
  readonly desk: Desk;
  readonly documents: EditedPolicies;
  readonly seen: SeenInLog;
  readonly log: (message: string) => void;
}

/** With what the log has seen, for which the governor is asked. */
export async function surroundings(context: Context): Promise<Surroundings> {
  return { ...places(context), seen: await context.seen.names() };
}

/** Without: for what only goes by files. */
export function places({ documents }: Context): Surroundings {
  const unsaved = vscode.workspace.textDocuments.filter((document) => document.isDirty && documents.isEdited(document));
  return {
    open: unsaved.map((document) => ({ path: document.uri.fsPath, source: document.getText() })),
    folders: documents.folders,
    seen: { tools: [], agents: [] },
    onlyNames: othersSpeakYaml(),
  };
}

/** Red Hat's extension has our JSON Schema from package.json: what follows from it would be there twice. */
export function othersSpeakYaml(): boolean {
  return vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined;
}

/** A fault of ours must not get into the way of writing. */
export async function guarded<T>({ log }: Context, what: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (cause) {
    log(`${what}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    return undefined;
  }
}
