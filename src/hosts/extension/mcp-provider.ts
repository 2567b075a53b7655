import * as vscode from 'vscode';
import { mcpProvider, settings } from './contributions.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Offers our own MCP server to the editor's chat while the setting is on: there the model can ask why a call was refused. */
export function registerMcpProvider(environment: Environment, gateway: string, version: string): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const isWanted = (): boolean => vscode.workspace.getConfiguration('countersign').get(settings.offerMcpServer, false);
  const own = environment['COUNTERSIGN_HOME'];
  const env = { ELECTRON_RUN_AS_NODE: '1', ...(own === undefined ? {} : { COUNTERSIGN_HOME: own }) };
  const args = [gateway, 'mcp', 'serve', '--agent', 'vscode'];
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`countersign.${settings.offerMcpServer}`)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(mcpProvider, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () =>
        isWanted() ? [new vscode.McpStdioServerDefinition('Countersign', process.execPath, args, env, version)] : [],
    }),
  );
}
