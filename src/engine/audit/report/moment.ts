import type { AuditEntry, EntryKind } from '../entry.ts';
import { callOf, outcomeLook, outcomeOf } from './entry-columns.ts';
import { type Content, type Html, html } from './html.ts';
import type { Moment } from './session.ts';
import { counted, durationText, rulesText } from './words.ts';

/** What is said about one moment of a session. */
export function momentContent({ record: { entry }, outcome }: Moment): Content {
  switch (entry.kind) {
    case 'decision':
      return decision(entry, outcome);
    case 'outcome':
      return html`${callOf(entry)} ${became(entry)} <span class="soft">(its decision is not in this log)</span>`;
    case 'approval-asked':
      return html`<span class="badge wait">asked</span> ${callOf(entry)}`;
    case 'approval-answered':
      return answered(entry);
    case 'prompt':
      return prompt(entry);
    case 'incident':
      return html`<span class="badge bad">incident</span> ${entry.reason}`;
    default:
      return html`<b>${titles[entry.kind]}</b>
        ${entry.reason}${entry.approver !== undefined && html` <span class="soft">by ${entry.approver.user}</span>`}`;
  }
}

const titles: Readonly<
  Record<Exclude<EntryKind, 'decision' | 'outcome' | 'approval-asked' | 'approval-answered' | 'prompt' | 'incident'>, string>
> = {
  'session-start': 'Session started',
  'session-end': 'Session ended',
  'session-killed': 'Session ended by a person',
  'session-revived': 'Let be resumed',
  'session-paused': 'Paused',
  'session-resumed': 'Pause ended',
  'incident-closed': 'Incident closed',
  budget: 'Budget',
  'config-change': 'Configuration changed',
  policy: 'Policy',
  governor: 'Governor',
  checkpoint: 'Log signed',
  key: 'Key of the log',
  prune: 'Old contents removed',
  hold: 'Legal hold',
};

function decision(entry: AuditEntry, outcome: AuditEntry | undefined): Html {
  const action = entry.action ?? 'abstain';
  const rules = rulesText(entry.rules);
  return html`<span class="badge ${action}">${words[action]}</span
    >${entry.mode === 'observe' && html` <span class="soft">observed only</span>`} ${callOf(entry)}
    ${entry.reason && html`<div>${entry.reason}</div>`}${rules !== '' && html`<div class="soft">${rules}</div>`}${outcome !== undefined && html`<div>${became(outcome)}</div>`}`;
}

const words = { allow: 'allowed', deny: 'denied', require_approval: 'asked', abstain: 'left to the agent' } as const;

/** `ran, 120 ms`; `failed: no such file` */
function became({ detail = {} }: AuditEntry): Html {
  const { status, durationMs, error, argumentsChanged } = detail;
  return html`<span class="${status === 'failed' ? 'bad' : 'soft'}"
      >${status === 'failed' ? 'failed' : 'ran'}${typeof durationMs === 'number' && `, ${durationText(durationMs)}`}${typeof error === 'string' && `: ${error}`}</span
    >${argumentsChanged === true && html` <span class="badge bad">with other arguments</span>`}`;
}

function answered(entry: AuditEntry): Html {
  const by = entry.approver?.user || 'nobody';
  const surface = entry.approver?.surface ?? '';
  return html`<span class="badge ${outcomeLook(entry)}">${outcomeOf(entry)}</span> by
    ${by}${surface !== '' && ` (${surface})`}${entry.approver !== undefined && ` after ${durationText(entry.approver.waitedMs)}`}:
    ${callOf(entry)}${entry.reason && html`<div>${entry.reason}</div>`}`;
}

/** A command that a person ran at the prompt is one, too. */
function prompt(entry: AuditEntry): Html {
  const { length, digest } = entry.detail ?? {};
  if (entry.nativeTool === '!') return html`<b>Run by a person</b> ${callOf(entry)}`;
  return html`<b>Prompt</b> ${typeof length === 'number' && counted(length, 'character', 'characters')}
    ${typeof digest === 'string' && html`<code class="soft">sha256:${digest.slice(0, 16)}…</code>`}`;
}
