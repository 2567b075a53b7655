import { html, nothing, type TemplateResult } from 'lit';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { JsonObject } from '../../engine/json.ts';
import { argumentFields } from '../argument-fields.ts';
import { rulesOf } from '../rules.ts';
import { agentText, row } from '../text.ts';
import { recordText } from './record-text.ts';

/** Everything the log holds about one entry. */
export function details(record: AuditRecord, close: () => void): TemplateResult {
  const { entry, seq } = record;
  return html`<section class="details" tabindex="0" aria-label="Entry ${seq}">
    <header>
      <h2>${recordText(record).word}, entry ${seq}</h2>
      <vscode-button secondary icon-only icon="close" aria-label="Close details" title="Close details" @click=${close}></vscode-button>
    </header>
    <dl>
      ${row('Time', new Date(entry.time).toLocaleString())} ${given('Why', entry.reason)} ${rules(record)} ${given('Agent', who(entry))}
      ${given('Tool', entry.nativeTool)} ${given('MCP server', entry.mcpServer)} ${given('Folder', entry.cwd)} ${answer(entry)}
      ${given('Session', entry.session)} ${given('Call', entry.callId)} ${given('Approval', entry.approvalId)}
    </dl>
    ${fields('Arguments', entry.tool ?? '', entry.arguments)} ${fields('More', '', entry.detail)}
    <dl>${given('Digest of the arguments', entry.argumentsDigest)} ${row('Hash', html`<code>${record.hash}</code>`)}</dl>
  </section>`;
}

function rules({ entry }: AuditRecord): TemplateResult | typeof nothing {
  const { rules: spoke = [], observed = [] } = entry;
  return html`${spoke.length === 0 ? nothing : row(spoke.length === 1 ? 'Rule' : 'Rules', html`${rulesOf(spoke, entry.reason ?? '')}`)}
  ${spoke.map((rule) => row('Version', html`<code>${rule.digest}</code>`))}
  ${observed.length === 0 ? nothing : row('Observed', rulesOf(observed, ''))}`;
}

function answer({ approver }: AuditRecord['entry']): TemplateResult | typeof nothing {
  if (!approver) return nothing;
  const after = `${Math.round(approver.waitedMs / 1000)} s`;
  return html`${row('Answered by', html`${agentText(approver.user)} (${approver.surface}) after ${after}`)}
  ${given('Their reason', approver.reason)}`;
}

function fields(title: string, tool: string, values: JsonObject | undefined): TemplateResult | typeof nothing {
  const found = argumentFields(tool, values ?? {});
  if (found.length === 0) return nothing;
  return html`<h3>${title}</h3>
    <dl>${found.map(({ name, value }) => row(name, html`<pre>${agentText(value)}</pre>`))}</dl>`;
}

function given(label: string, value: string | undefined): TemplateResult | typeof nothing {
  return value === undefined || value === '' ? nothing : row(label, agentText(value));
}

function who({ agent, subagent }: AuditRecord['entry']): string | undefined {
  return subagent === undefined ? agent : `${agent ?? ''} › ${subagent}`;
}
