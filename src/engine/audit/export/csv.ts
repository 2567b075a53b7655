import type { RuleRef } from '../../decision.ts';
import type { AuditRecord } from '../entry.ts';

type Cell = string | number | undefined;

/** The columns, in order. New ones come at the end, so that positions stay what they are. */
const columns: readonly (readonly [name: string, cell: (record: AuditRecord) => Cell])[] = [
  ['seq', ({ seq }) => seq],
  ['time', ({ entry }) => new Date(entry.time).toISOString()],
  ['kind', ({ entry }) => entry.kind],
  ['session', ({ entry }) => entry.session],
  ['agent', ({ entry }) => entry.agent],
  ['subagent', ({ entry }) => entry.subagent],
  ['call_id', ({ entry }) => entry.callId],
  ['tool', ({ entry }) => entry.tool],
  ['native_tool', ({ entry }) => entry.nativeTool],
  ['mcp_server', ({ entry }) => entry.mcpServer],
  ['cwd', ({ entry }) => entry.cwd],
  ['action', ({ entry }) => entry.action],
  ['mode', ({ entry }) => entry.mode],
  ['reason', ({ entry }) => entry.reason],
  ['rules', ({ entry }) => ruleNames(entry.rules)],
  ['observed', ({ entry }) => ruleNames(entry.observed)],
  ['approval_id', ({ entry }) => entry.approvalId],
  ['approver', ({ entry }) => entry.approver?.user],
  ['approver_surface', ({ entry }) => entry.approver?.surface],
  ['waited_ms', ({ entry }) => entry.approver?.waitedMs],
  ['approver_reason', ({ entry }) => entry.approver?.reason],
  ['arguments', ({ entry }) => json(entry.arguments)],
  ['arguments_sha256', ({ entry }) => entry.argumentsDigest],
  ['detail', ({ entry }) => json(entry.detail)],
  ['previous', ({ previous }) => previous],
  ['hash', ({ hash }) => hash],
];

/** The names of the columns (RFC 4180). */
export const csvHead: string = line(columns.map(([name]) => name));

export function csvLine(record: AuditRecord): string {
  return line(columns.map(([, cell]) => cell(record)));
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front: an agent wrote it, not the person who opens it. */
function cellText(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function ruleNames(rules: readonly RuleRef[] | undefined): Cell {
  return rules?.map(({ policy, rule, digest }) => `${policy}/${rule}@${digest}`).join(' ');
}

function json(value: object | undefined): Cell {
  return value === undefined ? undefined : JSON.stringify(value);
}
