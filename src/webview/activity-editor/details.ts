import { html, nothing, type TemplateResult } from 'lit';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { JsonObject } from '../../engine/json.ts';
import { recordText } from '../activity/record-text.ts';
import { argumentFields, type Field } from '../argument-fields.ts';
import { agentText, row } from '../text.ts';
import { toolLabel } from '../tool-text.ts';
import { changeOf } from './change.ts';
import { changesOf } from './changes.ts';
import { entryButtons } from './entry-buttons.ts';
import { guardFindings, guardReviews } from './guard-findings.ts';
import { decidedBy } from './rules-of-entry.ts';
import type { Events, View } from './view.ts';

type Open = NonNullable<View['open']>;

/** Everything that the log holds about one entry. */
export function details({ seq, details: found, error }: Open, on: Events): TemplateResult {
  return html`<section class="details" tabindex="0" aria-label="Entry ${seq}">
    <header>
      <h2>${found === undefined ? nothing : html`${recordText(found.record).word}, `}entry ${seq.toLocaleString('en')}</h2>
      <vscode-button secondary icon-only icon="close" aria-label="Close details" title="Close (Escape)" @click=${on.close}></vscode-button>
    </header>
    ${error === undefined ? nothing : html`<p role="alert"><span class="codicon codicon-error" aria-hidden="true"></span> The entry could not be read: ${agentText(error)}</p>`}
    ${found === undefined ? nothing : content(found, on)}
  </section>`;
}

function content(found: EntryDetails, on: Events): TemplateResult {
  const { record, pruned } = found;
  const { entry } = record;
  return html`${entryButtons(found, on)}
    ${
      pruned === undefined
        ? nothing
        : html`<p class="notice">
            <span class="codicon codicon-archive" aria-hidden="true"></span>The contents of this entry were removed by the log’s retention
            (entry <button class="link" @click=${() => on.openEntry(pruned.by)}>${pruned.by}</button>). Its hash was kept, so the log still
            verifies.
          </p>`
    }
    <dl>
      ${row('When', new Date(entry.time).toLocaleString())} ${given('Who', who(entry))} ${given('What', what(entry))}
      ${given('Folder', entry.cwd)} ${given('Session', entry.session)} ${given('Call', entry.callId)}
    </dl>
    ${why(entry)} ${argumentsOf(entry)} ${guardFindings(entry.detail ?? {}, on)} ${guardReviews(entry.detail ?? {})} ${decidedBy(found, on)}
    ${answer(entry)} ${fields('More', withoutFindings(entry.detail))} ${related(found, on)} ${proof(found)}`;
}

function withoutFindings(detail: JsonObject = {}): JsonObject {
  const { findings: _, moreFindings: __, reviews: ___, ...rest } = detail;
  return rest;
}

/** Where a rule says it, it stands there. */
function why({ reason = '', rules = [] }: AuditEntry): TemplateResult | typeof nothing {
  if (reason === '' || rules.some(({ message }) => message === reason)) return nothing;
  return html`<h3>Why</h3>
    <p class="why">${agentText(reason)}</p>`;
}

function argumentsOf({ tool, arguments: args = {} }: AuditEntry): TemplateResult {
  const changes = changesOf(tool, args);
  const shown = new Set(changes?.shown);
  const rest = Object.fromEntries(Object.entries(args).filter(([name]) => !shown.has(name)));
  return html`${fields('Arguments', rest, tool)} ${changes === undefined ? nothing : changeOf(changes)}`;
}

function fields(title: string, values: JsonObject | undefined, tool = ''): TemplateResult | typeof nothing {
  const found = argumentFields(tool, values ?? {});
  if (found.length === 0) return nothing;
  return html`<h3>${title}</h3>
    <dl>${found.map((field) => row(agentText(field.name), valueOf(field)))}</dl>`;
}

function valueOf({ value, short, size }: Field): TemplateResult {
  if (short) return html`<code>${agentText(value)}</code>`;
  return html`<pre
    tabindex=${size === '' ? nothing : 0}
    role=${size === '' ? nothing : 'region'}
    aria-label=${size === '' ? nothing : size}
  >
${agentText(value)}</pre>`;
}

function answer({ approver, approvalId }: AuditEntry): TemplateResult | typeof nothing {
  if (approver === undefined && approvalId === undefined) return nothing;
  return html`<h3>Approval</h3>
    <dl>
      ${
        approver === undefined
          ? nothing
          : html`${given('By', approver.user)} ${given('Where', approver.surface)} ${row('After', waited(approver.waitedMs))}
            ${given('Their reason', approver.reason)}`
      }
      ${given('Number', approvalId)}
    </dl>`;
}

function related({ related: others, record }: EntryDetails, on: Events): TemplateResult | typeof nothing {
  if (others.length === 0) return nothing;
  return html`<h3>Of the same call</h3>
    <ul class="related">
      ${others.map((other) => {
        const { icon, tone, word } = recordText(other);
        return html`<li>
          <button class="link" @click=${() => on.openEntry(other.seq)}>entry ${other.seq.toLocaleString('en')}</button>
          <span class="codicon codicon-${icon} ${tone}" aria-hidden="true"></span> ${word}${after(other, record)} ${said(other)}
        </li>`;
      })}
    </ul>`;
}

function after(other: AuditRecord, record: AuditRecord): string {
  const ms = other.entry.time - record.entry.time;
  return ms < 0 ? `, ${waited(-ms)} before` : `, ${waited(ms)} later`;
}

/** Of an outcome its error or duration, of an answer who gave it. */
function said({ entry: { approver, detail } }: AuditRecord): TemplateResult | typeof nothing {
  if (approver !== undefined) return html`by ${agentText(approver.user)}`;
  const { durationMs, error } = detail ?? {};
  if (typeof error === 'string' && error !== '') return html`: ${agentText(error.slice(0, 300))}`;
  return typeof durationMs === 'number' ? html`(took ${waited(durationMs)})` : nothing;
}

const proofIcons = { signed: ['verified', 'good'], pending: ['clock', 'plain'], broken: ['error', 'bad'] } as const;

function proof({ proof: { state, message, checkpoint }, record }: EntryDetails): TemplateResult {
  const [icon, tone] = proofIcons[state];
  return html`<h3>Proof</h3>
    <p class="proof ${state}"><span class="codicon codicon-${icon} ${tone}" aria-hidden="true"></span><span>${agentText(message)}</span></p>
    <dl>
      ${checkpoint === undefined ? nothing : row('Signed', `${new Date(checkpoint.time).toLocaleString()}, over ${checkpoint.size.toLocaleString('en')} entries`)}
      ${given('Digest of the arguments', record.entry.argumentsDigest, true)} ${given('Hash', record.hash, true)}
    </dl>`;
}

function given(label: string, value: string | undefined, isCode = false): TemplateResult | typeof nothing {
  if (value === undefined || value === '') return nothing;
  return row(label, isCode ? html`<code>${agentText(value)}</code>` : agentText(value));
}

function who({ agent, subagent }: AuditEntry): string | undefined {
  return subagent === undefined ? agent : `${agent ?? ''} › ${subagent}`;
}

function what({ tool, nativeTool, mcpServer }: AuditEntry): string | undefined {
  if (tool === undefined) return undefined;
  const name = mcpServer === undefined ? (nativeTool ?? tool) : `${mcpServer}/${tool}`;
  return `${toolLabel(tool, mcpServer)} (${name})`;
}

/** `0.4 s`, `12 s`, `3 min` */
function waited(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
