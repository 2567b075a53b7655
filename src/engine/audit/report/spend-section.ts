import { costText, usdText } from '../../spend/spend-text.ts';
import type { SpendReport, SpendRow, SpendSum } from '../../spend/report.ts';
import { totalOf } from '../../spend/usage.ts';
import { type Content, type Html, html } from './html.ts';
import { numberText } from './words.ts';

/** What a session used, by the agent's own record of it: split by whoever used it, and by what was asked. */
export interface SessionCosts {
  readonly bySubagent: SpendReport;
  readonly byModel: SpendReport;
}

/** That is no part of the log: the section says so. */
export function spendSection(costs: SessionCosts | { readonly unknown: string } | undefined): Content {
  if (costs === undefined) return '';
  return html`<section aria-labelledby="spend">
    <h2 id="spend">What it used</h2>
    ${'unknown' in costs ? html`<p class="soft">This is not known: ${costs.unknown}</p>` : known(costs)}
  </section> `;
}

function known({ bySubagent, byModel }: SessionCosts): Html {
  const { total, unpriced, said = [] } = bySubagent;
  if (total.responses === 0 && total.usd === 0) return html`<p class="soft">The agent's records hold nothing of this session.</p>`;
  return html`<p class="soft">
      By the agent's own records, which are no part of the signed log.
      ${total.isLowerBound && 'The records lack the last count of some responses: it was at least this.'}
      ${total.notItemisedUsd > 0 && `${usdText(total.notItemisedUsd)} of it the agent reports without saying for what.`}
      ${unpriced.map(({ model, tokens }) => `No price is known for ${model}: ${numberText(tokens)} tokens are not in the costs. `)}
      ${said.map(({ model, usd }) => `No price is known for ${model}: ${usdText(usd)} is what the agent said. `)}
    </p>
    ${tableOf('Who', bySubagent)} ${tableOf('Model', byModel)}`;
}

function tableOf(title: string, { rows, total }: SpendReport): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${title}</th>
        <th scope="col" class="number">Responses</th>
        <th scope="col" class="number">Tokens</th>
        <th scope="col" class="number">Cost</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => line(nameOf(row), row.sum))} ${line('Together', total)}
    </tbody>
  </table>`;
}

function nameOf({ key, label }: SpendRow): string {
  return label === '' ? key : label;
}

function line(name: string, sum: SpendSum): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${numberText(sum.responses)}</td>
    <td class="number">${numberText(totalOf(sum.tokens) + (sum.notItemisedTokens ?? 0))}</td>
    <td class="number">${costText(sum)}</td>
  </tr> `;
}
