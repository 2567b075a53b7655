import { html, nothing, type TemplateResult } from 'lit';
import { agentText } from '../text.ts';
import { chipsOf, listLabels } from './chips.ts';
import { everything, type ListName, listNames } from './filter.ts';
import { listMenu } from './list-menu.ts';
import { pathMenu } from './path-menu.ts';
import { timeMenu } from './time-menu.ts';
import { valueOf } from './value-of.ts';
import type { Events, MenuName, View } from './view.ts';

/** What to look for, and what is looked for now. */
export function filters(view: View, on: Events): TemplateResult {
  return html`<div class="filters" role="search" aria-label="Filters">
      <span class="field">
        <span class="codicon codicon-search" aria-hidden="true"></span>
        <input
          id="text"
          type="search"
          placeholder="Text in an entry ( / )"
          aria-label="Text in an entry"
          spellcheck="false"
          .value=${view.filter.text}
          @input=${(event: InputEvent) => on.typed(valueOf(event))}
        />
      </span>
      ${menuButton('time', 'Time', view, on)} ${listNames.map((name) => menuButton(name, listLabels[name], view, on))}
      ${menuButton('path', 'Path', view, on)}
    </div>
    ${chips(view, on)}`;
}

function menuButton(name: MenuName, label: string, view: View, on: Events): TemplateResult {
  const isOpen = view.menu?.name === name;
  return html`<span class="menu-place" data-menu=${name}>
    <button
      class="menu-button"
      aria-haspopup="dialog"
      aria-expanded=${isOpen ? 'true' : 'false'}
      @click=${() => on.menu(isOpen ? undefined : name)}
    >
      ${label}<span class="codicon codicon-chevron-down" aria-hidden="true"></span>
    </button>
    ${isOpen ? html`<div class="menu" role="dialog" aria-label="Filter by ${label.toLowerCase()}">${menu(name, view, on)}</div>` : nothing}
  </span>`;
}

function menu(name: MenuName, view: View, on: Events): TemplateResult {
  if (name === 'time') return timeMenu(view, on);
  return name === 'path' ? pathMenu(view, on) : listMenu(name satisfies ListName, view, on);
}

function chips({ filter }: View, on: Events): TemplateResult | typeof nothing {
  const shown = chipsOf(filter);
  if (shown.length === 0) return nothing;
  return html`<ul class="chips" aria-label="Active filters">
    ${shown.map(
      ({ label, value, without }) =>
        html`<li>
          <button class="chip" title="Remove this filter" @click=${() => on.filter(without)}>
            <span>${label}: ${agentText(value)}</span><span class="spoken">, remove</span
            ><span class="codicon codicon-close" aria-hidden="true"></span>
          </button>
        </li>`,
    )}
    <li><button class="clear" @click=${() => on.filter(everything)}>Clear filters</button></li>
  </ul>`;
}
