import { html, nothing, type TemplateResult } from 'lit';
import type { SpendReport } from '../../engine/spend/report.ts';
import { tokensText, usdText } from '../../engine/spend/spend-text.ts';
import { agentText } from '../text.ts';
import type { PageEvents } from './page-state.ts';

/** Models of which the sum knows no price, or an old one: each with the button that sets one. */
export function priceNotes({ unpriced, said = [], stale = [] }: SpendReport, on: PageEvents): TemplateResult | typeof nothing {
  const notes = [
    ...unpriced.map(({ model, tokens }) => note(model, `has no price: ${tokensText(tokens)} are not part of the sum.`, on)),
    ...said.map(({ model, usd }) =>
      note(model, `has no price: ${usdText(usd)} of the sum is what the agent said that sessions had cost.`, on),
    ),
    ...stale.map(({ model, usd, ours }) =>
      note(model, `may have a new price: the agent says ${usdText(usd)} of tokens that cost ${usdText(ours)} by the one we have.`, on),
    ),
  ];
  return notes.length === 0
    ? nothing
    : html`<ul class="unpriced">
        ${notes}
      </ul>`;
}

function note(model: string, says: string, on: PageEvents): TemplateResult {
  return html`<li>
    <span class="codicon codicon-warning" aria-hidden="true"></span>
    <span><code>${agentText(model)}</code> ${says}</span>
    <vscode-button secondary aria-label="Set price… for ${model}" @click=${() => on.setPrice(model)}>Set price…</vscode-button>
  </li>`;
}
