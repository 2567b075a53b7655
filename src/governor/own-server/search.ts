import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { Action } from '../../engine/decision.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';

export interface OwnSearch {
  readonly text?: string;
  readonly action?: Action;
  readonly limit: number;
}

/** Further back an agent does not look: that is for people, who have a search that delays nobody. */
const lookedThrough = 400;
const longestLine = 600;

/** The newest entries about the session, as they are stored: without secrets. */
export function searchOwnLog({ ports }: Office, session: SessionRecord, { text = '', action, limit }: OwnSearch): string {
  const wanted = text.toLowerCase();
  const records = ports.audit.list({ session: session.id, limit: lookedThrough });
  const lines = records
    .filter(({ entry }) => entry.agent === session.agent && (action === undefined || entry.action === action))
    .map(lineOf)
    .filter((line) => line.toLowerCase().includes(wanted));
  const shown = lines.slice(0, limit).map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  const end = records.length === lookedThrough ? ` of the last ${lookedThrough}` : '';
  return [
    `${lines.length === 0 ? 'No' : lines.length} ${lines.length === 1 ? 'entry' : 'entries'}${end} found, newest first:`,
    ...shown,
  ].join('\n');
}

function lineOf({ seq, entry }: AuditRecord): string {
  const { time, kind, action, nativeTool, reason, arguments: input, rules = [] } = entry;
  const by = rules.map(({ policy, rule }) => `${policy}/${rule}`).join(', ');
  const parts = [
    `${seq}`,
    new Date(time).toISOString(),
    kind,
    action,
    nativeTool,
    reason,
    by && `by ${by}`,
    input && JSON.stringify(input),
  ];
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' · ')
    .replaceAll(/\s*\n\s*/g, ' ');
}
