import { html, nothing, type TemplateResult } from 'lit';
import type { SpendKey, SpendReport, SpendRow } from '../../engine/spend/report.ts';
import { costText, tokensText, usdText } from '../../engine/spend/spend-text.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import { agentText } from '../text.ts';
import { keyLabels, type PageEvents, type PageState } from './page-state.ts';
import { sorted, type Column } from './rows.ts';
import { momentText } from './step-text.ts';

/** Drawing thousands of sessions at once would make the panel slow; nobody reads them all. */
const mostRows = 100;

export function rowsTable(
  { choice, shown: { by }, now, showsAll }: PageState,
  { rows, total }: SpendReport,
  on: PageEvents,
): TemplateResult {
  const shown = sorted(rows, choice.sort).slice(0, showsAll ? rows.length : mostRows);
  return html`<section class="rows" aria-label="By ${keyLabels[by].toLowerCase()}">
    <div class="wide"><table>
      <thead>
        <tr>
          ${head(keyLabels[by], 'label', choice.sort, on)} ${head('Cost', 'usd', choice.sort, on)}
          <th scope="col" class="number share">Share</th>
          ${head('Tokens', 'tokens', choice.sort, on)} ${head('Responses', 'responses', choice.sort, on)}
          ${head('Last used', 'last', choice.sort, on)}
        </tr>
      </thead>
      <tbody>
        ${shown.map((row) => oneRow(row, total.usd, { by, now }, on))}
      </tbody>
    </table>
    ${
      shown.length < rows.length
        ? html`<div class="buttons"><vscode-button secondary @click=${on.all}>Show all ${rows.length}</vscode-button></div>`
        : nothing
    }
  </section>`;
}

function head(label: string, column: Column, { column: current, descending }: PageState['choice']['sort'], on: PageEvents): TemplateResult {
  const direction = column !== current ? 'none' : descending ? 'descending' : 'ascending';
  const icon =
    direction === 'none'
      ? nothing
      : html`<span class="codicon codicon-${descending ? 'arrow-down' : 'arrow-up'}" aria-hidden="true"></span>`;
  return html`<th scope="col" class=${column === 'label' ? 'label' : `number ${column}`} aria-sort=${direction}>
    <button class="plain" @click=${() => on.sort(column)}>${label}${icon}</button>
  </th>`;
}

function oneRow(
  row: SpendRow,
  totalUsd: number,
  { by, now }: { readonly by: SpendKey; readonly now: number },
  on: PageEvents,
): TemplateResult {
  const { key, detail, sum, lastAt } = row;
  const label = row.label || key;
  const share = totalUsd === 0 ? 0 : sum.usd / totalUsd;
  return html`<tr>
    <th scope="row">
      <span class="name">${agentText(label)}</span>
      ${detail === '' ? nothing : html`<span class="detail">${agentText(detail)}</span>`}
      ${
        by === 'session'
          ? html`<button class="link" @click=${() => on.session({ id: key, label })} aria-label="Subagents of ${label}">Subagents</button>`
          : nothing
      }
    </th>
    <td class="number cost">${costText(sum)}${doubt(sum)}</td>
    <td class="number share">
      <meter min="0" max="1" value=${share} aria-label="Share of the total"></meter> ${Math.round(share * 100)} %
    </td>
    <td class="number" title=${totalOf(sum.tokens).toLocaleString()}>${tokensText(totalOf(sum.tokens)).replace(/ tokens?$/, '')}</td>
    <td class="number">${sum.responses.toLocaleString()}</td>
    <td class="number last">${momentText(lastAt, now)}</td>
  </tr>`;
}

function doubt({
  notItemisedUsd,
  notItemisedTokens = 0,
  unpricedTokens,
  saidUsd = 0,
  usd,
}: SpendRow['sum']): TemplateResult | typeof nothing {
  const parts = [
    ...(notItemisedUsd > 0 ? [`${usdText(notItemisedUsd)} not itemised`] : []),
    ...(notItemisedTokens > 0 ? [`+ ${tokensText(notItemisedTokens)} not itemised`] : []),
    ...(saidUsd > 0 ? [`${usdText(saidUsd)} as the agent says`] : []),
    ...(unpricedTokens > 0 && usd > 0 ? [`${tokensText(unpricedTokens)} unpriced`] : []),
  ];
  return parts.length === 0 ? nothing : html`<span class="detail">${parts.join(', ')}</span>`;
}
