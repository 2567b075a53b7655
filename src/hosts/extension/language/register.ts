import * as vscode from 'vscode';
import type { Connection } from '../connection.ts';
import { settings } from '../contributions.ts';
import { registerCompletion } from './completion.ts';
import type { Context } from './context.ts';
import type { Desk } from './desk.ts';
import { Diagnostics } from './diagnostics.ts';
import { registerHover } from './hover.ts';
import { registerNavigation } from './navigation.ts';
import { EditedPolicies } from './edited-policies.ts';
import { registerQuickFixes } from './quick-fixes.ts';
import { SeenInLog } from './seen-names.ts';
import { registerShippedText } from './shipped-text.ts';
import { registerStructure } from './structure.ts';

export interface PolicyLanguage {
  readonly desk: Desk;
  readonly userPolicies: string;
  readonly connection: Connection;
  readonly log: vscode.LogOutputChannel;
}

/** Help with writing policies. The desk is fetched with the first policy that is opened. */
export function registerPolicyLanguage({ desk, userPolicies, connection, log }: PolicyLanguage): vscode.Disposable {
  const context: Context = {
    desk,
    documents: new EditedPolicies(userPolicies),
    seen: new SeenInLog(connection),
    log: (message) => log.warn(message),
  };
  let providers = registerProviders(context);
  // Which documents are meant is fixed with each registration.
  const again = (): void => {
    providers.dispose();
    providers = registerProviders(context);
  };
  return vscode.Disposable.from(
    registerShippedText(desk),
    new Diagnostics(context),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration(`countersign.${settings.policyFiles}`) && again()),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
    { dispose: () => providers.dispose() },
  );
}

function registerProviders(context: Context): vscode.Disposable {
  return vscode.Disposable.from(
    registerCompletion(context),
    registerHover(context),
    registerNavigation(context),
    registerStructure(context),
    registerQuickFixes(context),
  );
}
