import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import { agentText } from '../text.ts';
import { clockMinutes, clockTime } from '../time-text.ts';
import { details } from './details.ts';
import { filterLabels, filters, recordText, type Filter } from './record-text.ts';
import type { Rows } from './window.ts';

export interface PageState {
  readonly link: string;
  readonly shown: readonly AuditRecord[];
  readonly rows: Rows;
  readonly filter: Filter;
  /** The row the keyboard is on. */
  readonly active: number;
  readonly open: AuditRecord | undefined;
  /** Whether older records exist that are not here. */
  readonly more: boolean;
}

export interface PageEvents {
  readonly filter: (filter: Filter) => void;
  readonly scroll: () => void;
  readonly key: (event: KeyboardEvent) => void;
  readonly open: (row: number) => void;
  readonly close: () => void;
  readonly older: () => void;
}

export function page(state: PageState, on: PageEvents): TemplateResult {
  return html`<main aria-label="Activity">
    <h1 class="spoken">Activity</h1>
    ${toolbar(state, on)} ${state.shown.length === 0 ? empty(state, on) : list(state, on)}
    ${state.open ? details(state.open, on.close) : nothing}
  </main>`;
}

function toolbar({ filter, link }: PageState, on: PageEvents): TemplateResult {
  return html`<div class="toolbar">
    <label for="filter">Show</label>
    <select id="filter" @change=${(event: Event) => on.filter(filters.find((each) => each === valueOf(event)) ?? 'decisions')}>
      ${filters.map((each) => html`<option value=${each} ?selected=${each === filter}>${filterLabels[each]}</option>`)}
    </select>
    ${link === 'governed' ? nothing : html`<span class="stale" role="status">not connected</span>`}
  </div>`;
}

function list({ shown, rows, active }: PageState, on: PageEvents): TemplateResult {
  return html`<div
    class="list"
    role="listbox"
    aria-label="Decisions, newest first"
    tabindex="0"
    aria-activedescendant=${active >= rows.first && active < rows.end ? `row-${shown[active]?.seq ?? ''}` : nothing}
    @scroll=${on.scroll}
    @keydown=${on.key}
  >
    <svg class="spacer" aria-hidden="true" height=${shown.length * rowHeight} width="1"></svg>
    <svg class="spacer before" aria-hidden="true" height=${rows.first * rowHeight} width="1"></svg>
    ${shown.slice(rows.first, rows.end).map((record, at) => oneRow(record, rows.first + at, { active, count: shown.length }, on))}
  </div>`;
}

/** Pixels; the style sheet says the same. */
export const rowHeight = 22;

function oneRow(record: AuditRecord, index: number, { active, count }: { active: number; count: number }, on: PageEvents): TemplateResult {
  const { icon, tone, word, subject } = recordText(record);
  const { time } = record.entry;
  return html`<div
    id="row-${record.seq}"
    class="row"
    role="option"
    aria-selected=${index === active ? 'true' : 'false'}
    aria-setsize=${count}
    aria-posinset=${index + 1}
    @click=${() => on.open(index)}
  >
    <span class="time exact">${clockTime(time)}</span><span class="time brief">${clockMinutes(time)}</span>
    <span class="codicon codicon-${icon} ${tone}" aria-hidden="true"></span>
    <span class="word">${word}</span>
    <span class="subject">${agentText(subject)}</span>
  </div>`;
}

function empty({ filter, more }: PageState, on: PageEvents): TemplateResult {
  if (filter === 'decisions' && !more)
    return html`<div class="empty">
      <p>Nothing recorded yet. Every call of a governed agent appears here with its decision, as it happens.</p>
    </div>`;
  return html`<div class="empty">
    <p>Nothing like that among the newest entries.</p>
    ${more ? html`<div class="buttons"><vscode-button secondary @click=${on.older}>Look further back</vscode-button></div>` : nothing}
  </div>`;
}

function valueOf(event: Event): string {
  return event.target instanceof HTMLSelectElement ? event.target.value : '';
}
