import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { settings } from './contributions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Our environment, with the state folder that the setting names. */
export function environmentOf(configuration: vscode.WorkspaceConfiguration): Environment {
  const home = configuration.get(settings.home, '').trim();
  return home === '' ? process.env : { ...process.env, COUNTERSIGN_HOME: home.replace(/^~(?=$|[/\\])/, homedir()) };
}

export function homeFolder(environment: Environment): string {
  return environment['COUNTERSIGN_HOME'] || join(homedir(), '.countersign');
}

/** Terminals of this window find the same governor, where it is not in the usual place. */
export function registerHome(context: vscode.ExtensionContext, environment: Environment): vscode.Disposable {
  const variables = context.environmentVariableCollection;
  variables.persistent = false;
  variables.clear();
  const home = environment['COUNTERSIGN_HOME'];
  if (home !== undefined && home !== process.env['COUNTERSIGN_HOME']) {
    variables.description = 'Where Countersign keeps its state';
    variables.replace('COUNTERSIGN_HOME', home);
  }
  return { dispose: () => variables.clear() };
}
