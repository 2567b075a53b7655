import * as vscode from 'vscode';
import type { EntryRow } from '../../../engine/audit/search.ts';
import type { RecordedChoice, RuleInSight } from '../../../webview/try/messages.ts';
import type { Connection } from '../connection.ts';
import { labelText } from '../label-text.ts';
import { recentCalls } from './recent-calls.ts';

interface CallItem extends vscode.QuickPickItem {
  readonly row?: EntryRow;
}

const most = 100;

/** A call of the log: those that the rule had a say in come first, the newest of each first. */
export async function pickCall(connection: Connection, sight: RuleInSight | undefined): Promise<RecordedChoice | undefined> {
  const picked = await vscode.window.showQuickPick(itemsFor(connection, sight), {
    title: 'Try which recorded call?',
    placeHolder: 'Part of the call',
    matchOnDescription: true,
  });
  return picked?.row && recordedOf(picked.row);
}

function recordedOf({ seq, time, session = '', summary }: EntryRow): RecordedChoice {
  return { seq, time, session, summary };
}

async function itemsFor(connection: Connection, sight: RuleInSight | undefined): Promise<CallItem[]> {
  const [ofRule, all] = await Promise.all([
    sight === undefined ? [] : recentCalls(connection, { rules: [`${sight.policy}/${sight.rule}`] }, most),
    recentCalls(connection, {}, most),
  ]);
  const known = new Set(ofRule.map(({ seq }) => seq));
  return [
    ...section(`Decided by ${labelText(sight?.rule ?? '')}`, ofRule),
    ...section(
      ofRule.length === 0 ? 'Recent calls' : 'Other recent calls',
      all.filter(({ seq }) => !known.has(seq)),
    ),
  ];
}

function section(label: string, rows: readonly EntryRow[]): readonly CallItem[] {
  if (rows.length === 0) return [];
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...rows.map(itemOf)];
}

function itemOf(row: EntryRow): CallItem {
  const { summary, tool = '', nativeTool = tool, action = 'abstain', agent = '', rule } = row;
  const time = new Date(row.time).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  const said = [words[action], time, agent, ...(rule === undefined ? [] : [rule])].join(' · ');
  return { label: labelText(summary === '' ? nativeTool : summary), description: labelText(said), row };
}

const words = { deny: 'denied', require_approval: 'asked', allow: 'allowed', abstain: 'no opinion' } as const;
