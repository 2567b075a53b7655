import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { agentText } from '../text.ts';
import { countText, entries } from './count-text.ts';
import { details } from './details.ts';
import { everything, isEverything } from './filter.ts';
import { filters } from './filters.ts';
import { table } from './table.ts';
import type { Events, View } from './view.ts';

/** The whole page. */
export function page(view: View, on: Events): TemplateResult {
  const { filter, findings, said } = view;
  return html`<main aria-label="Activity">
    <h1 class="spoken">Activity</h1>
    <div class="spoken" role="status">${said}</div>
    ${filters(view, on)} ${link(view, on)}
    <div class="panes">
      <section class="entries" aria-label="Entries">
        <div class="bar">
          <span class="count">${countText(findings.state, !isEverything(filter))}</span>
          ${
            findings.unseen > 0
              ? html`<button class="unseen" @click=${on.newest}>
                  <span class="codicon codicon-arrow-up" aria-hidden="true"></span>${entries(findings.unseen)} newer
                </button>`
              : nothing
          }
          <vscode-button secondary icon="export" @click=${() => on.post('export')}>Export…</vscode-button>
        </div>
        ${problem(view, on)} ${body(view, on)}
      </section>
      ${
        view.open === undefined
          ? nothing
          : html`<div
                class="splitter"
                role="separator"
                tabindex="0"
                aria-label="Size of the details"
                aria-orientation=${view.split.isBeside ? 'vertical' : 'horizontal'}
                aria-valuenow=${view.split.size}
                aria-valuemin="160"
                aria-valuemax=${view.split.isBeside ? window.innerWidth : window.innerHeight}
                @pointerdown=${on.resize}
                @keydown=${on.resize}
              ></div>
              ${details(view.open, on)}`
      }
    </div>
  </main>`;
}

/** The governor could not go on: what was found so far is shown. */
function problem({ findings: { state } }: View, on: Events): TemplateResult | typeof nothing {
  if (state?.problem === undefined) return nothing;
  return html`<div class="banner warning" role="alert">
    <span class="codicon codicon-warning" aria-hidden="true"></span>
    <div>
      <p>Not all of the log was searched: ${agentText(state.problem)}</p>
      <div class="buttons"><vscode-button secondary @click=${on.again}>Search again</vscode-button></div>
    </div>
  </div>`;
}

function body(view: View, on: Events): TemplateResult | typeof nothing {
  const { findings, filter, error, link: line } = view;
  // Without a governor the banner above says what is wrong, and the search begins when it is back.
  if (error !== '' && line.state === 'governed') return failure(error, on);
  if (findings.count > 0) return table(view, on);
  if (findings.state?.isComplete !== true) {
    return line.state === 'governed' ? html`<div class="empty"><p>Looking through the log…</p></div>` : nothing;
  }
  if (isEverything(filter))
    return html`<div class="empty">
      <p>Nothing is recorded yet.</p>
      <p>Every call of a governed agent appears here with its decision, as it happens.</p>
    </div>`;
  return html`<div class="empty">
    <p>No entry matches these filters.</p>
    <div class="buttons"><vscode-button @click=${() => on.filter(everything)}>Clear filters</vscode-button></div>
  </div>`;
}

function failure(error: string, on: Events): TemplateResult {
  return html`<div class="empty" role="alert">
    <p><span class="codicon codicon-error" aria-hidden="true"></span> The log could not be searched: ${agentText(error)}</p>
    <div class="buttons">
      <vscode-button @click=${on.again}>Try again</vscode-button>
      <vscode-button secondary @click=${() => on.post('open-log')}>Open log</vscode-button>
    </div>
  </div>`;
}

function link({ link: line }: View, on: Events): TemplateResult | typeof nothing {
  if (line.state === 'governed') return nothing;
  if (line.state === 'connecting')
    return html`<p class="banner">
      <span class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true"></span>Connecting to the governor…
    </p>`;
  return html`<div class="banner error" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    <div>
      <p><strong>The governor cannot be reached:</strong> ${agentText(line.reason)}</p>
      <p>The log can be searched when it is back. Countersign keeps trying.</p>
      <div class="buttons">
        <vscode-button @click=${() => on.post('retry')}>Retry now</vscode-button>
        <vscode-button secondary @click=${() => on.post('open-log')}>Open log</vscode-button>
      </div>
    </div>
  </div>`;
}
