import * as vscode from 'vscode';
import type { CliResult } from '../cli.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands, views } from '../contributions.ts';
import type { McpEntry, McpRow } from '../mcp-rows.ts';
import { wordsOf } from '../mcp-tool-row.ts';
import { openAt } from '../open-file.ts';

interface McpCommands {
  readonly cli: (args: readonly string[], cwd?: string) => Promise<CliResult>;
  readonly connection: Connection;
  readonly refresh: () => void;
}

/** What a person does in the MCP Servers view. */
export function registerMcpServers({ cli, connection, refresh }: McpCommands): vscode.Disposable {
  const change = async (verb: 'wrap' | 'unwrap', entry?: McpEntry): Promise<void> => {
    if (entry === undefined) return show();
    if (!(await agreed(verb, entry))) return;
    const { exitCode, stderr } = await cli(['mcp', verb, entry.name, '--agent', entry.agent, '--yes'], entry.folder);
    if (exitCode !== 0) void vscode.window.showErrorMessage(couldNot(`${verb} ${entry.name}`, stderr.trim()));
    refresh();
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.openMcpEntry, async (row?: McpRow) => {
      if (row?.entry === undefined) return show();
      return openAt(row.entry.file, 1).catch((cause: unknown) => vscode.window.showErrorMessage(couldNot('open the configuration', cause)));
    }),
    vscode.commands.registerCommand(commands.wrapMcpServer, async (row?: McpRow) => change('wrap', row?.entry)),
    vscode.commands.registerCommand(commands.unwrapMcpServer, async (row?: McpRow) => change('unwrap', row?.entry)),
    vscode.commands.registerCommand(commands.answerMcpTool, async (row?: McpRow) => {
      if (row?.item === undefined) return show();
      const accept = await accepted(row.item);
      if (accept === undefined) return;
      const { server, kind, name } = row.item;
      await connection
        .call('answerPins', { server, kind, name, accept, surface: 'editor' })
        .catch((cause: unknown) => vscode.window.showErrorMessage(couldNot('answer for that tool', cause)));
      refresh();
    }),
    vscode.commands.registerCommand(commands.refreshMcpServers, refresh),
  );
}

async function show(): Promise<void> {
  await vscode.commands.executeCommand(`${views.mcpServers}.focus`);
}

async function agreed(verb: 'wrap' | 'unwrap', { name, file }: McpEntry): Promise<boolean> {
  const [title, button] =
    verb === 'wrap'
      ? [`Put ${name} behind your policies?`, 'Put It behind Policies']
      : [`Take ${name} out of your policies’ way?`, 'Take It Out'];
  const detail = `Its entry in ${withoutLinks(file)} is changed. Sessions that run already keep what they started with.`;
  return (await vscode.window.showWarningMessage(withoutLinks(title), { modal: true, detail }, button)) === button;
}

/** What is different is shown first; closing it answers nothing. */
async function accepted(item: NonNullable<McpRow['item']>): Promise<boolean | undefined> {
  const title = `Accept ${item.name || item.kind} of ${item.server} as it is now?`;
  const detail = withoutLinks(wordsOf(item).join('\n'));
  const [yes, no] = ['Accept', 'Refuse'];
  const pressed = await vscode.window.showWarningMessage(withoutLinks(title), { modal: true, detail }, yes, no);
  return pressed === undefined ? undefined : pressed === yes;
}
