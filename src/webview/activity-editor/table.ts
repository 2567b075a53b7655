import { html, nothing, type TemplateResult } from 'lit';
import type { EntryRow } from '../../engine/audit/search.ts';
import { agentText } from '../text.ts';
import { rowTime, rowTool, rowWord } from './row-text.ts';
import type { Events, View } from './view.ts';

const columns = [
  ['time', 'Time'],
  ['what', 'What happened'],
  ['tool', 'Tool'],
  ['subject', 'About'],
  ['rule', 'Rule'],
  ['by', 'Person or agent'],
] as const;

/** The rows in sight and a few around them, in a list that claims to have all of them. */
export function table(view: View, on: Events): TemplateResult {
  const { findings, rows, active } = view;
  const indexes = Array.from({ length: rows.end - rows.first }, (_, at) => rows.first + at);
  return html`<div
    class="list"
    role="grid"
    tabindex="0"
    aria-label="Entries, newest first"
    aria-rowcount=${findings.count + 1}
    aria-activedescendant=${active >= rows.first && active < rows.end ? `row-${findings.placeOf(active)}` : nothing}
    @scroll=${on.scroll}
    @keydown=${on.key}
  >
    <div role="rowgroup" class="head">
      <div class="row" role="row" aria-rowindex="1">
        ${columns.map(([name, label]) => html`<span class=${name} role="columnheader">${label}</span>`)}
      </div>
    </div>
    <div role="rowgroup" class="all">
      <div class="window" role="presentation">${indexes.map((row) => one(row, view, on))}</div>
    </div>
  </div>`;
}

function one(row: number, { findings, active, now }: View, on: Events): TemplateResult {
  const entry = findings.rowAt(row);
  return html`<div
    class="row"
    role="row"
    id="row-${findings.placeOf(row)}"
    aria-rowindex=${row + 2}
    aria-selected=${row === active ? 'true' : 'false'}
    @click=${() => on.open(row)}
  >
    ${entry === undefined ? html`<span class="loading" role="gridcell">…</span>` : cells(entry, now)}
  </div>`;
}

function cells(entry: EntryRow, now: number): TemplateResult {
  const { icon, tone, word } = rowWord(entry);
  return html`<span class="time" role="gridcell">${rowTime(entry.time, now)}</span>
    <span class="what" role="gridcell"><span class="codicon codicon-${icon} ${tone}" aria-hidden="true"></span><span>${word}</span></span>
    <span class="tool" role="gridcell">${agentText(rowTool(entry))}</span>
    <span class="subject" role="gridcell">${agentText(entry.summary)}</span>
    <span class="rule" role="gridcell">${agentText(entry.rule ?? '')}</span>
    <span class="by" role="gridcell">${agentText(entry.person ?? entry.agent ?? '')}</span>`;
}
