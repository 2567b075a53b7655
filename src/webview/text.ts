import { html, type TemplateResult } from 'lit';
import { visibleSegments } from '../engine/guardrail/visible-text.ts';
import type { Span } from '../engine/shell/analysis.ts';
import { piecesOf } from './marked-spans.ts';

/** An agent's text: only ever a text node, with what would be invisible marked. */
export function agentText(text: string): TemplateResult {
  return html`${visibleSegments(text).map(({ text: piece, marked }) => (marked ? html`<span class="invisible">${piece}</span>` : piece))}`;
}

/** The same, with the parts that rules are about set off; what is all of the text needs no setting off. */
export function agentTextWith(text: string, spans: readonly Span[]): TemplateResult {
  const pieces = piecesOf(text, spans);
  if (pieces.length < 2) return agentText(text);
  return html`${pieces.map((piece) => (piece.meant ? html`<mark>${agentText(piece.text)}</mark>` : agentText(piece.text)))}`;
}

/** A label and its value in a definition list. */
export function row(label: string | TemplateResult, value: unknown): TemplateResult {
  return html`<dt>${label}</dt>
    <dd>${value}</dd>`;
}
