import { html, nothing, type TemplateResult } from 'lit';
import { agentText } from '../text.ts';
import type { Changes } from './changes.ts';
import type { DiffLine } from './line-diff.ts';

const signs = { same: ' ', removed: '−', added: '+' } as const;
const spoken = { same: '', removed: 'removed: ', added: 'added: ' } as const;

/** A difference: each line with its sign, so that it is not told by colour alone. */
export function changeOf({ pieces, note }: Changes): TemplateResult {
  return html`<h3>Change</h3>
    ${note === '' ? nothing : html`<p class="help">${note}</p>`}
    ${pieces.map(
      (lines, at) =>
        html`<div
          class="diff"
          tabindex="0"
          role="region"
          aria-label=${pieces.length > 1 ? `Change ${at + 1} of ${pieces.length}` : 'Change'}
        >
          ${lines.map(line)}
        </div>`,
    )}`;
}

function line(one: DiffLine): TemplateResult {
  if (one.kind === 'gap') return html`<div class="gap">⋯ ${one.count} ${one.count === 1 ? 'line' : 'lines'} the same</div>`;
  return html`<div class=${one.kind}>
    <span class="sign" aria-hidden="true">${signs[one.kind]}</span><span class="spoken">${spoken[one.kind]}</span>
    <span class="text">${agentText(one.text)}</span>
  </div>`;
}
