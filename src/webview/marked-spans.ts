import type { Span } from '../engine/shell/analysis.ts';

/** A piece of a text, and whether a rule is about it. */
export interface Piece {
  readonly text: string;
  readonly meant: boolean;
}

/** The text in order, cut where spans begin and end. Spans may overlap, and may come from elsewhere: what does not fit is left out. */
export function piecesOf(text: string, spans: readonly Span[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const span of merged(spans.filter((one) => 0 <= one.start && one.start < one.end && one.end <= text.length))) {
    if (span.start > end) pieces.push({ text: text.slice(end, span.start), meant: false });
    pieces.push({ text: text.slice(span.start, span.end), meant: true });
    end = span.end;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), meant: false });
  return pieces;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
