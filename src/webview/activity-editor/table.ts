import { html, nothing, type TemplateResult } from 'lit';
import { visibleSegments } from '../../engine/guardrail/visible-text.ts';
import { agentText } from '../text.ts';
import { dayOf, type RowText, rowText, rowTime } from './row-text.ts';
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
  const today = dayOf(view.now);
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
      <div class="window" role="presentation">${indexes.map((row) => one(row, today, view, on))}</div>
    </div>
  </div>`;
}

function one(row: number, today: number, { findings, active }: View, on: Events): TemplateResult {
  const entry = findings.rowAt(row);
  return html`<div
    class=${entry === undefined ? 'row loading' : 'row'}
    role="row"
    id="row-${findings.placeOf(row)}"
    aria-rowindex=${row + 2}
    aria-selected=${row === active ? 'true' : 'false'}
    @click=${() => on.open(row)}
  >
    ${cells(entry === undefined ? loading : rowText(entry), today)}
  </div>`;
}

/** The same elements as an entry's, so that they need only be filled when it arrives. */
const loading: RowText = { icon: 'blank', tone: 'plain', word: '…', clock: '', date: '', day: 0, tool: '', subject: '', rule: '', by: '' };

function cells(text: RowText, today: number): TemplateResult {
  return html`<span class="time" role="gridcell">${rowTime(text, today)}</span>
    <span class="what" role="gridcell"
      ><span class="codicon codicon-${text.icon} ${text.tone}" aria-hidden="true"></span><span>${text.word}</span></span
    >
    <span class="tool" role="gridcell">${cell(text, 'tool')}</span>
    <span class="subject" role="gridcell">${cell(text, 'subject')}</span>
    <span class="rule" role="gridcell">${cell(text, 'rule')}</span>
    <span class="by" role="gridcell">${cell(text, 'by')}</span>`;
}

type Cell = 'tool' | 'subject' | 'rule' | 'by';
const marked = new WeakMap<RowText, ReadonlyMap<Cell, TemplateResult>>();

/** Nearly every text is drawn as it is; one with something invisible in it is taken apart, once. */
function cell(text: RowText, name: Cell): TemplateResult | string {
  const parts =
    marked.get(text) ??
    new Map(
      (['tool', 'subject', 'rule', 'by'] as const).flatMap((each) => (hidesSomething(text[each]) ? [[each, agentText(text[each])]] : [])),
    );
  marked.set(text, parts);
  return parts.get(name) ?? text[name];
}

function hidesSomething(text: string): boolean {
  return visibleSegments(text).some(({ marked: isMarked }) => isMarked);
}
