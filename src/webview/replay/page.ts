import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { isOfRule, notesOf, ruleText, totalText } from '../../engine/policy/replay/summary-text.ts';
import type { ChangedByRule, ChangedCall, ReplaySummary } from '../../engine/policy/replay/summary.ts';
import { agentText } from '../text.ts';
import type { ReplayResult } from './messages.ts';

export interface PageEvents {
  readonly again: () => void;
  readonly open: (call: ChangedCall) => void;
  /** Show only the calls of one rule; `undefined`: of all. */
  readonly only: (rule: ChangedByRule | undefined) => void;
}

export function page(result: ReplayResult | undefined, only: ChangedByRule | undefined, on: PageEvents): TemplateResult {
  return html`<main aria-label="Policy replay">
    <div class="heading">
      <h1>What these policies would have decided</h1>
      <vscode-button secondary @click=${on.again}>Replay again…</vscode-button>
    </div>
    ${result === undefined ? html`<p class="help">Nothing was replayed yet.</p>` : found(result, only, on)}
  </main>`;
}

function found({ span, drafts, summary }: ReplayResult, only: ChangedByRule | undefined, on: PageEvents): TemplateResult {
  const { rules } = summary;
  return html`<section class="totals" aria-label="Totals" role="status">
      <p><strong>${totalText(summary)}</strong></p>
      <p class="help">${basis(span, drafts)}</p>
      ${notesOf(summary).map((note) => html`<p class="help">${note}</p>`)}
    </section>
    ${rules.length === 0 ? nothing : [ruleTable(rules, only, on), callTable(summary, only, on)]}`;
}

function basis(span: string, drafts: readonly string[]): TemplateResult {
  const unsaved = drafts.length === 0 ? 'as they are saved' : 'with the unsaved text of ';
  return html`Calls of ${span}, by the policies in force ${unsaved}${agentText(drafts.join(', '))}.`;
}

function ruleTable(rules: readonly ChangedByRule[], only: ChangedByRule | undefined, on: PageEvents): TemplateResult {
  return html`<section aria-labelledby="by-rule">
    <h2 id="by-rule">By rule</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Was</th>
            <th scope="col">Now</th>
            <th scope="col" class="number">Calls</th>
            <th scope="col">Newest</th>
          </tr>
        </thead>
        <tbody>
          ${rules.map((rule) => oneRule(rule, rule === only, on))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function oneRule(rule: ChangedByRule, isOnly: boolean, on: PageEvents): TemplateResult {
  return html`<tr class=${isOnly ? 'chosen' : ''}>
    <th scope="row">
      <button
        class="link"
        aria-pressed=${isOnly ? 'true' : 'false'}
        title="Show only the calls of this rule"
        @click=${() => on.only(isOnly ? undefined : rule)}
      >
        ${agentText(ruleText(rule))}
      </button>
    </th>
    <td>${rule.was}</td>
    <td class="now">${rule.now}</td>
    <td class="number">${rule.calls.toLocaleString()}</td>
    <td class="what">${agentText(rule.newest.summary)}</td>
  </tr>`;
}

function callTable({ changes, changed }: ReplaySummary, only: ChangedByRule | undefined, on: PageEvents): TemplateResult {
  const certain = changes.filter(({ unsure }) => unsure !== true);
  const shown = only === undefined ? certain : certain.filter((change) => isOfRule(change, only));
  const all = only?.calls ?? changed;
  return html`<section aria-labelledby="by-call">
    <div class="heading">
      <h2 id="by-call">${only === undefined ? 'Calls' : html`Calls of ${agentText(ruleText(only))}`}, newest first</h2>
      ${only === undefined ? nothing : html`<vscode-button secondary @click=${() => on.only(undefined)}>Show all</vscode-button>`}
    </div>
    ${shown.length < all ? html`<p class="help">The newest ${shown.length.toLocaleString()} of ${all.toLocaleString()}.</p>` : nothing}
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Tool</th>
            <th scope="col">What</th>
            <th scope="col">Was</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((change) => oneCall(change, on))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function oneCall(change: ChangedCall, on: PageEvents): TemplateResult {
  const { time, tool, summary, was, now, became, reason } = change;
  const moment = new Date(time).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  return html`<tr>
    <th scope="row">
      <button
        class="link"
        title="Show this entry in the log"
        aria-label="Show entry ${change.seq}, ${moment}"
        @click=${() => on.open(change)}
      >
        ${moment}
      </button>
    </th>
    <td>${agentText(tool)}</td>
    <td class="what">${agentText(summary)}</td>
    <td>${became === undefined ? was : `${was}, then ${became}`}</td>
    <td class="now" title=${reason}>${now}</td>
  </tr>`;
}
