import { html, nothing, type TemplateResult } from 'lit';
import type { Facet } from '../../engine/audit/search.ts';
import { agentText } from '../text.ts';
import { listLabels, valueLabel } from './chips.ts';
import { type ListName, toggled, withList } from './filter.ts';
import { valueOf } from './value-of.ts';
import type { Events, View } from './view.ts';

/** Beyond as many values one wants to search among them. */
const many = 10;

/** The values that the log has, with how often; what is chosen stands there even where the log no longer has it. */
export function listMenu(name: ListName, { facets, facetsError, filter, menu }: View, on: Events): TemplateResult {
  const chosen = filter.lists[name] ?? [];
  if (facetsError !== '') return html`<p role="alert">The values could not be counted: ${agentText(facetsError)}</p>`;
  if (facets === undefined) return html`<p class="help">Counting…</p>`;
  const query = menu?.query ?? '';
  const all = withChosen(facets[name], chosen);
  const shown = all.filter(({ value }) => valueLabel(name, value).toLowerCase().includes(query.toLowerCase()));
  return html`${
      all.length > many
        ? html`<input
            type="search"
            aria-label="Find a ${listLabels[name].toLowerCase()}"
            placeholder="Find…"
            .value=${query}
            @input=${(event: InputEvent) => on.menu(name, valueOf(event))}
          />`
        : nothing
    }
    ${shown.length === 0 ? html`<p class="help">${all.length === 0 ? 'The log has none yet.' : 'None is called that.'}</p>` : nothing}
    <ul class="values">
      ${shown.map(
        ({ value, count }) =>
          html`<li>
            <label>
              <input type="checkbox" .checked=${chosen.includes(value)} @change=${() => on.filter(toggled(filter, name, value))} />
              <span class="value">${agentText(valueLabel(name, value))}</span><span class="help">${count.toLocaleString('en')}</span>
            </label>
          </li>`,
      )}
    </ul>
    ${chosen.length > 0 ? html`<button class="clear" @click=${() => on.filter(withList(filter, name, []))}>Any ${listLabels[name].toLowerCase()}</button>` : nothing}`;
}

function withChosen(facets: readonly Facet[], chosen: readonly string[]): readonly Facet[] {
  const gone = chosen.filter((value) => !facets.some((facet) => facet.value === value));
  return [...gone.map((value) => ({ value, count: 0 })), ...facets];
}
