import * as vscode from 'vscode';
import { visibleText } from '../../../engine/guardrail/visible-text.ts';
import type { CliResult } from '../cli.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import { commands } from '../contributions.ts';
import { labelText } from '../label-text.ts';
import type { McpEntry } from '../mcp-rows.ts';
import { shownPlan } from '../shown-plan.ts';

interface WrapMcpServers {
  readonly cli: (args: readonly string[], cwd?: string) => Promise<CliResult>;
  /** All that agents would start here. */
  readonly entries: () => Promise<readonly McpEntry[]>;
  readonly refresh: () => void;
}

/** Puts the gateway before those servers of all agents that a person picks, after showing what would change. */
export function registerWrapMcpServers({ cli, entries, refresh }: WrapMcpServers): vscode.Disposable {
  const run = async (args: readonly string[], folder: string | undefined): Promise<string> => {
    const { exitCode, stdout, stderr } = await cli(args, folder);
    if (exitCode !== 0) throw new Error(stderr.trim() || stdout.trim());
    return stdout.trim();
  };
  return vscode.commands.registerCommand(commands.wrapMcpServers, async () => {
    try {
      const chosen = await pick((await entries()).filter(isOpen));
      if (chosen.length === 0) return;
      const calls = callsFor(chosen);
      // Without --yes, and nobody to ask, the command only says what it would change.
      const plans = await Promise.all(calls.map(({ args, folder }) => run(args, folder)));
      if (!(await agreed(chosen.length, plans.join('\n')))) return;
      for (const { args, folder } of calls) await run([...args, '--yes'], folder);
      void vscode.window.showInformationMessage('Sessions that start from now on have these servers behind your policies.');
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('put the servers behind your policies', cause));
    } finally {
      refresh();
    }
  });
}

function isOpen({ how, command, obstacle }: McpEntry): boolean {
  return how !== 'gateway' && obstacle === undefined && command.slice(0, 3).join(' ') !== 'countersign mcp serve';
}

async function pick(open: readonly McpEntry[]): Promise<readonly McpEntry[]> {
  if (open.length === 0) {
    void vscode.window.showInformationMessage('Every MCP server that can be is behind your policies, or there is none.');
    return [];
  }
  const items = open.map((entry) => ({
    entry,
    picked: true,
    label: labelText(entry.name),
    description: `${entry.agent} · ${visibleText(entry.file)}`,
    detail: visibleText(entry.command.join(' ')),
  }));
  const title = 'Which MCP servers are to be behind your policies?';
  return ((await vscode.window.showQuickPick(items, { title, canPickMany: true, matchOnDescription: true })) ?? []).map(
    ({ entry }) => entry,
  );
}

/** One for each folder and agent: names are not the same everywhere. */
function callsFor(chosen: readonly McpEntry[]): readonly { readonly args: readonly string[]; readonly folder: string | undefined }[] {
  const groups = Map.groupBy(chosen, ({ folder = '', agent }) => JSON.stringify([folder, agent]));
  return [...groups.values()].map((group) => ({
    args: ['mcp', 'wrap', ...new Set(group.map(({ name }) => name)), '--agent', group[0]?.agent ?? ''],
    folder: group[0]?.folder,
  }));
}

async function agreed(count: number, plan: string): Promise<boolean> {
  const button = 'Put Them behind Policies';
  const question = `Put ${count === 1 ? 'this MCP server' : `these ${count} MCP servers`} behind your policies?`;
  const detail = `${withoutLinks(shownPlan(plan))}\n\nSessions that run already keep what they started with.`;
  return (await vscode.window.showWarningMessage(withoutLinks(question), { modal: true, detail }, button)) === button;
}
