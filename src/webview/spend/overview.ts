import { html, nothing, type TemplateResult } from 'lit';
import type { SpendReport, SpendSum } from '../../engine/spend/report.ts';
import { costText, shortCount, tokensText, usdText } from '../../engine/spend/spend-text.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import type { Choice } from './choice.ts';
import type { PageEvents } from './page-state.ts';
import { periodLabels } from './period.ts';
import { priceNotes } from './price-notes.ts';

/** The sum, and everything that a person must know before they believe it. */
export function overview(report: SpendReport, { period }: Choice, on: PageEvents): TemplateResult {
  const { total, indexing } = report;
  return html`<section class="overview" aria-label="Total">
    <p class="total"><strong>${costText(total)}</strong> <span>${periodLabels[period].toLowerCase()}</span></p>
    ${total.responses === 0 ? nothing : html`<p class="parts">${partsOf(total)}</p>`}
    ${doubts(total).map((doubt) => html`<p class="doubt">${doubt}</p>`)} ${indexing ? progress(indexing) : nothing}
    ${priceNotes(report, on)}
  </section>`;
}

function partsOf({ tokens, responses, webSearches }: SpendSum): string {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
  const parts = [
    `${tokensText(totalOf(tokens))} in ${shortCount(responses)} ${responses === 1 ? 'response' : 'responses'}`,
    `${shortCount(input)} in`,
    `${shortCount(output)} out`,
    `${shortCount(cacheRead)} from the cache`,
    `${shortCount(cacheWrite5m + cacheWrite1h)} into it`,
  ];
  return [...parts, ...(webSearches > 0 ? [`${shortCount(webSearches)} web searches`] : [])].join(' · ');
}

function doubts({ notItemisedUsd, notItemisedTokens = 0, isLowerBound }: SpendSum): readonly string[] {
  return [
    ...(notItemisedTokens > 0 ? [`+ ${tokensText(notItemisedTokens)} not itemised.`] : []),
    ...(notItemisedUsd > 0
      ? [`${usdText(notItemisedUsd)} of it is not itemised: the agent reports it without saying for what (compaction, web search, hooks).`]
      : []),
    ...(isLowerBound ? ['The records of some responses lack their final count: the real sum is at least this.'] : []),
  ];
}

function progress({ doneBytes, totalBytes }: NonNullable<SpendReport['indexing']>): TemplateResult {
  const share = totalBytes === 0 ? 0 : Math.floor((doneBytes / totalBytes) * 100);
  return html`<p class="indexing">
    <progress max="100" value=${share} aria-label="Older records read"></progress>
    Older records are still being read: ${share} %. The newest come first.
  </p>`;
}
