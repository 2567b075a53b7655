import { html, type TemplateResult } from 'lit';
import { spanLabels } from './chips.ts';
import { type Span, spans, withSpan, withTimes } from './filter.ts';
import { valueOf } from './value-of.ts';
import type { Events, View } from './view.ts';

export function timeMenu({ filter }: View, on: Events): TemplateResult {
  const isFree = filter.span === undefined && filter.since === undefined && filter.until === undefined;
  const choice = (label: string, checked: boolean, span: Span | undefined): TemplateResult =>
    html`<li>
      <label>
        <input type="radio" name="span" .checked=${checked} @change=${() => on.filter(withSpan(filter, span))} />
        <span class="value">${label}</span>
      </label>
    </li>`;
  return html`<ul class="values">
      ${choice('Any time', isFree, undefined)} ${spans.map((span) => choice(spanLabels[span], filter.span === span, span))}
    </ul>
    <fieldset>
      <legend>Or between two times</legend>
      <label>
        From
        <input
          type="datetime-local"
          .value=${localText(filter.span === undefined ? filter.since : undefined)}
          @change=${(event: Event) => on.filter(withTimes(filter, timeIn(valueOf(event)), filter.until))}
        />
      </label>
      <label>
        To
        <input
          type="datetime-local"
          .value=${localText(filter.span === undefined ? filter.until : undefined)}
          @change=${(event: Event) => on.filter(withTimes(filter, filter.since, timeIn(valueOf(event))))}
        />
      </label>
    </fieldset>`;
}

/** As the browser's field wants it: the reader's time without a zone. */
function localText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function timeIn(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
