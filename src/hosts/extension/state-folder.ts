import { homedir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { settings } from './contributions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Our environment, with the state folder that the setting names. */
export function environmentOf(configuration: vscode.WorkspaceConfiguration): Environment {
  // The editor may have been started by an agent. What we start is the person's all the same: not refused as an agent's
  // command, and not ended with that agent's session.
  const { CLAUDECODE: _agent, CLAUDE_CODE_SESSION_ID: _session, ...environment } = process.env;
  const home = configuration.get(settings.home, '').trim();
  return home === '' ? environment : { ...environment, COUNTERSIGN_HOME: home.replace(/^~(?=$|[/\\])/, homedir()) };
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
