import type { AuditEntry } from '../entry.ts';
import { type Content, html } from './html.ts';
import type { Column } from './tables.ts';
import { durationText, rulesText, subjectOf } from './words.ts';

const agent: Column = { title: 'Agent, session', cell: ({ entry }) => agentOf(entry) };
const call: Column = { title: 'Call', cell: ({ entry }) => callOf(entry) };
const reason: Column = { title: 'Reason', cell: ({ entry }) => entry.reason };
const rule: Column = { title: 'Rules', cell: ({ entry }) => rulesText(entry.rules) };

export const denialColumns: readonly Column[] = [call, reason, rule, agent];

export const approvalColumns: readonly Column[] = [
  { title: 'Answer', cell: ({ entry }) => html`<span class="badge ${outcomeLook(entry)}">${outcomeOf(entry)}</span>` },
  { title: 'By', cell: ({ entry }) => [entry.approver?.user || html`<span class="soft">nobody</span>`, surfaceOf(entry)] },
  { title: 'Waited', cell: ({ entry }) => entry.approver && html`<span class="time">${durationText(entry.approver.waitedMs)}</span>` },
  { title: 'Their reason', cell: ({ entry }) => entry.approver?.reason },
  call,
  rule,
];

export const exemptionColumns: readonly Column[] = [
  call,
  {
    title: 'Exemption',
    cell: ({ entry }) =>
      (entry.observed ?? []).flatMap(({ policy, rule: name, exemption }) =>
        exemption === undefined
          ? []
          : [html`<div>${policy}/${name}: ${exemption.reason} <span class="soft">(granted by ${exemption.grantedBy})</span></div>`],
      ),
  },
  agent,
];

export const incidentColumns: readonly Column[] = [{ title: 'What happened', cell: ({ entry }) => entry.reason }, agent];

const halts: Readonly<Partial<Record<AuditEntry['kind'], string>>> = {
  'session-killed': 'Ended',
  'session-revived': 'Let be resumed',
  'session-paused': 'Paused',
  'session-resumed': 'Pause ended',
};

export const killColumns: readonly Column[] = [
  { title: 'What', cell: ({ entry }) => halts[entry.kind] },
  { title: 'By', cell: ({ entry }) => entry.approver?.user },
  reason,
  { title: 'Result', cell: ({ entry }) => text(entry.detail?.['message']) },
  agent,
];

export const configurationColumns: readonly Column[] = [
  { title: 'Answer', cell: ({ entry }) => (entry.action === 'deny' ? html`<span class="badge deny">refused</span>` : 'let be') },
  { title: 'File', cell: ({ entry }) => html`<code>${text(entry.detail?.['file'])}</code>` },
  reason,
  agent,
];

/** The tool and what it was to do. */
export function callOf(entry: AuditEntry): Content {
  return html`<b>${entry.nativeTool}</b> ${subjectOf(entry)}`;
}

/** `approved`, `denied`, `timed-out`, `cancelled` */
export function outcomeOf(entry: AuditEntry): string {
  return text(entry.detail?.['outcome']);
}

export function outcomeLook(entry: AuditEntry): string {
  const outcome = outcomeOf(entry);
  if (outcome === 'approved') return 'allow';
  return outcome === 'denied' ? 'deny' : 'wait';
}

function surfaceOf({ approver }: AuditEntry): Content {
  return approver !== undefined && approver.surface !== '' && html` <span class="soft">(${approver.surface})</span>`;
}

function agentOf({ agent: name, session, subagent }: AuditEntry): Content {
  if (name === undefined) return html`<span class="soft">none</span>`;
  return html`${name}
    <code class="soft">${session}</code
    >${subagent !== undefined && html` <span class="soft">subagent</span> <code class="soft">${subagent}</code>`}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
