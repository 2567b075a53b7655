import { html, type TemplateResult } from 'lit';
import { valueOf } from './value-of.ts';
import type { Events, View } from './view.ts';

export function pathMenu({ filter }: View, on: Events): TemplateResult {
  return html`<label for="path">Part of a path that the call touches or runs in</label>
    <input
      id="path"
      type="search"
      spellcheck="false"
      placeholder="src/app"
      .value=${filter.path}
      @change=${(event: Event) => on.filter({ ...filter, path: valueOf(event) })}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Enter') return;
        on.filter({ ...filter, path: valueOf(event) });
        on.menu(undefined);
      }}
    />`;
}
