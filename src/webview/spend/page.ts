import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { SpendKey, SpendReport } from '../../engine/spend/report.ts';
import { agentText } from '../text.ts';
import { budgetsTable } from './budgets-table.ts';
import type { Choice } from './choice.ts';
import { chartArea } from './chart-area.ts';
import { overview } from './overview.ts';
import { keyLabels, type PageEvents, type PageState } from './page-state.ts';
import { pressable } from './pressable.ts';
import { periodLabels, periods } from './period.ts';
import { rowsTable } from './rows-table.ts';

export function page(state: PageState, on: PageEvents): TemplateResult {
  return html`<main aria-label="Spend" aria-busy=${state.isAsking ? 'true' : 'false'}>
    <h1 class="spoken">Spend</h1>
    ${toolbar(state, on)} ${state.trouble ? trouble(state.trouble, on) : nothing} ${content(state, on)}
  </main>`;
}

function content(state: PageState, on: PageEvents): TemplateResult {
  const { report, shown, budgets, now } = state;
  if (report === undefined) return state.trouble ? html`` : html`<p class="waiting">Adding up …</p>`;
  const isEmpty = report.total.responses === 0 && report.total.usd === 0;
  return html`${overview(report, shown, on)}
  ${isEmpty ? empty(shown, report) : html`${chartArea(state, on)} ${rowsTable(state, report, on)}`} ${budgetsTable(budgets, now)}`;
}

function toolbar({ choice }: PageState, on: PageEvents): TemplateResult {
  return html`<div class="toolbar" role="toolbar" aria-label="What is shown">
    <div class="choices" role="group" aria-label="Period">
      ${periods.map((period) => pressable(periodLabels[period], period === choice.period, () => on.period(period)))}
    </div>
    <label>
      By
      <select @change=${(event: Event) => on.by(keyOf(event))}>
        ${keys.map((key) => html`<option value=${key} ?selected=${key === choice.by}>${keyLabels[key]}</option>`)}
      </select>
    </label>
    ${choice.session ? chip(choice.session.label, on) : nothing}
    <span class="rest"></span>
    <vscode-button secondary @click=${on.export}>Export CSV…</vscode-button>
  </div>`;
}

const keys: readonly SpendKey[] = ['model', 'session', 'subagent', 'agent', 'workspace'];

function keyOf({ target }: Event): SpendKey {
  return keys.find((key) => target instanceof HTMLSelectElement && key === target.value) ?? 'model';
}

function chip(label: string, on: PageEvents): TemplateResult {
  return html`<span class="chip"
    >Only ${agentText(label)}
    <button class="plain" aria-label="Show every session" title="Show every session" @click=${() => on.session(undefined)}>
      <span class="codicon codicon-close" aria-hidden="true"></span></button
  ></span>`;
}

function trouble({ title, text }: NonNullable<PageState['trouble']>, on: PageEvents): TemplateResult {
  return html`<div class="banner error" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    <div>
      <strong>${title}</strong>
      <p>${agentText(text)}</p>
      <div class="buttons"><vscode-button secondary @click=${on.retry}>Try again</vscode-button></div>
    </div>
  </div>`;
}

function empty({ period, session }: Choice, { indexing }: SpendReport): TemplateResult {
  const when = period === 'today' ? 'today' : period === '30-days' ? 'in the last 30 days' : periodLabels[period].toLowerCase();
  return html`<div class="empty">
    <p>
      ${session ? 'This session' : 'No agent'} has used ${session ? 'no tokens' : 'any tokens'}
      ${when}${indexing ? ', as far as its records have been read' : ''}.
    </p>
    <p class="help">What Claude Code and Codex write about their own requests is added up here, a second after each answer.</p>
  </div>`;
}
