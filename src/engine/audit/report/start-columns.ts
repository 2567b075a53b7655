import type { JsonValue } from '../../json.ts';
import type { AuditEntry } from '../entry.ts';
import { type Content, html } from './html.ts';
import type { Column } from './tables.ts';
import { rulesText } from './words.ts';

/** Of starts of MCP servers: what was to run, what became of it, and the scans that it was decided on. */
export const startColumns: readonly Column[] = [
  { title: 'Server', cell: ({ entry }) => html`<b>${entry.mcpServer}</b>` },
  {
    title: 'Decision',
    cell: ({ entry }) => html`<span class="badge ${entry.action ?? 'abstain'}">${words[entry.action ?? 'abstain']}</span>`,
  },
  { title: 'What', cell: ({ entry }) => html`<code>${sourceText(entry)}</code>` },
  { title: 'Scans', cell: ({ entry }) => [scans(entry), bill(entry)] },
  { title: 'Reason', cell: ({ entry }) => entry.reason },
  { title: 'Rules', cell: ({ entry }) => rulesText(entry.rules) },
];

const words = { allow: 'allowed', deny: 'denied', require_approval: 'asked', abstain: 'no policy against it' } as const;

/** `npm, name @scope/files, version 1.2.3 …`; of one that could not be looked at, its command. */
function sourceText({ arguments: given }: AuditEntry): string {
  const source = given?.['source'];
  if (!isMap(source)) return JSON.stringify(given?.['command'] ?? '');
  const { kind, ...rest } = source;
  return [textOf(kind), ...Object.entries(rest).map(([name, value]) => `${name} ${textOf(value)}`)].join(', ');
}

function scans({ detail }: AuditEntry): Content {
  const kept = detail?.['scans'];
  if (!Array.isArray(kept)) return html`<span class="soft">no policy asked</span>`;
  if (kept.length === 0) return html`<span class="soft">none kept</span>`;
  return kept.map((scan: JsonValue) => (isMap(scan) ? html`<div>${scanText(scan)}</div>` : ''));
}

/** Which bill of materials it had, so that it can be held against the one that is kept. */
function bill({ detail }: AuditEntry): Content {
  const kept = detail?.['sbom'];
  if (!isMap(kept)) return '';
  return html`<div class="soft">SBOM of ${textOf(kept['components'])} components, sha256 ${textOf(kept['sha256'])}</div>`;
}

function scanText({ name = '', at = '', found = 0, max = '', unavailable }: Readonly<Record<string, JsonValue>>): string {
  const said =
    unavailable === undefined ? (found === 0 ? 'nothing found' : `${textOf(found)} found, the worst ${textOf(max)}`) : 'not available';
  return `${textOf(name)}: ${said}${at === '' ? '' : `, ${textOf(at)}`}`;
}

function isMap(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
