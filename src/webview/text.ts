import { html, type TemplateResult } from 'lit';
import { visibleSegments } from '../engine/guardrail/visible-text.ts';

/** An agent's text: only ever a text node, with what would be invisible marked. */
export function agentText(text: string): TemplateResult {
  return html`${visibleSegments(text).map(({ text: piece, marked }) => (marked ? html`<span class="invisible">${piece}</span>` : piece))}`;
}

/** A label and its value in a definition list. */
export function row(label: string | TemplateResult, value: unknown): TemplateResult {
  return html`<dt>${label}</dt>
    <dd>${value}</dd>`;
}
