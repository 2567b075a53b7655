import { homedir } from 'node:os';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { CliResult } from './cli.ts';
import type { Connection } from './connection.ts';
import { commands, views } from './contributions.ts';
import { type McpEntry, type McpRow, mcpRows } from './mcp-rows.ts';
import { seenServers } from './mcp-seen.ts';
import { rowItem } from './tree-row.ts';
import { realFolders, windowState } from './window-state.ts';

type Cli = (args: readonly string[], cwd?: string) => Promise<CliResult>;

const listed: z.ZodMiniType<readonly McpEntry[]> = z.array(
  z.object({
    agent: z.string(),
    name: z.string(),
    file: z.string(),
    scope: z.string(),
    how: z.enum(['direct', 'gateway', 'remote']),
    command: z.array(z.string()),
    obstacle: z.exactOptional(z.string()),
    isOurs: z.exactOptional(z.boolean()),
    isOff: z.exactOptional(z.boolean()),
  }),
);

class McpTree implements vscode.TreeDataProvider<McpRow> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #connection: Connection;
  readonly #cli: Cli;
  #entries: Promise<readonly McpEntry[]> | undefined;

  constructor(connection: Connection, cli: Cli) {
    this.#connection = connection;
    this.#cli = cli;
  }

  async getChildren(parent?: McpRow): Promise<McpRow[]> {
    if (parent) return [...parent.children];
    // What failed is asked again the next time.
    this.#entries ??= this.entries().catch((cause: unknown) => {
      this.#entries = undefined;
      throw cause;
    });
    const entries = await this.#entries;
    const isGoverned = this.#connection.link.state === 'governed';
    const names = [...new Set(entries.map(({ name }) => name))];
    const seen = isGoverned ? await this.#connection.call('mcpServers', { folders: realFolders(), names }) : [];
    return [...mcpRows(entries, seenServers(seen, this.#connection.snapshot?.activity ?? []), Date.now())];
  }

  async entries(): Promise<readonly McpEntry[]> {
    const { folders } = windowState();
    const found = await Promise.all((folders.length === 0 ? [homedir()] : folders).map(async (folder) => this.#entriesIn(folder)));
    return withoutTwins(found.flat());
  }

  getTreeItem(row: McpRow): vscode.TreeItem {
    const item = rowItem(row, row.id);
    if (row.entry !== undefined) item.command = { command: commands.openMcpEntry, title: 'Open', arguments: [row] };
    return item;
  }

  /** Files may say something else. */
  refresh(): void {
    this.#entries = undefined;
    this.#changed.fire();
  }

  /** Calls were made, or policies changed. */
  lookAgain(): void {
    this.#changed.fire();
  }

  /** What agents would start there: only their files say it, and who reads them is the command line. */
  async #entriesIn(folder: string): Promise<readonly McpEntry[]> {
    const { exitCode, stdout, stderr } = await this.#cli(['mcp', 'list', '--json'], folder);
    if (exitCode !== 0) throw new Error(stderr.trim());
    return z.parse(listed, JSON.parse(stdout)).map((entry) => ({ ...entry, folder }));
  }
}

/** The person's own servers are listed for every folder. */
function withoutTwins(entries: readonly McpEntry[]): readonly McpEntry[] {
  return [...new Map(entries.map((entry) => [JSON.stringify([entry.agent, entry.name, entry.file, entry.scope]), entry])).values()];
}

/** The MCP Servers view. */
export class McpView implements vscode.Disposable {
  readonly #tree: McpTree;
  readonly #parts: vscode.Disposable;

  constructor(connection: Connection, cli: Cli) {
    this.#tree = new McpTree(connection, cli);
    const view = vscode.window.createTreeView(views.mcpServers, { treeDataProvider: this.#tree, showCollapseAll: true });
    connection.events.on('reset', () => view.visible && this.refresh());
    connection.events.on('activity', (records) => {
      if (view.visible && records.some(({ entry }) => entry.mcpServer !== undefined || entry.kind === 'policy')) this.#tree.lookAgain();
    });
    this.#parts = vscode.Disposable.from(
      view,
      // Configurations are written elsewhere.
      view.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && view.visible && this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
    );
  }

  refresh(): void {
    this.#tree.refresh();
  }

  entries(): Promise<readonly McpEntry[]> {
    return this.#tree.entries();
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
