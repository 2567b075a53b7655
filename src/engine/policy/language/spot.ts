import { scalarOffsets } from '../scalar-offsets.ts';
import type { Part, Span } from './part.ts';

/** What stands at an offset: the innermost part, and whether its name or its value is meant. */
export interface Spot {
  readonly part: Part;
  readonly role: 'key' | 'value';
  /** Those around it, the outermost first. */
  readonly around: readonly Part[];
}

/** The ends count as well: a person looks at the word that the cursor touches. */
export function spotAt(roots: readonly Part[], offset: number): Spot | undefined {
  let found: Spot | undefined;
  let parts = roots;
  const around: Part[] = [];
  for (;;) {
    const part = parts.find((one) => touches(one.key, offset) || touches(one, offset));
    if (part === undefined) return found;
    if (touches(part.key, offset)) return { part, role: 'key', around: [...around] };
    found = { part, role: 'value', around: [...around] };
    around.push(part);
    parts = part.parts;
  }
}

/** The characters of a scalar's value, without its quotes. */
export function innerSpan(source: string, part: Part): Span {
  if (part.scalar === undefined || !/^["']/.test(source.slice(part.start, part.start + 1))) return part;
  return { start: part.start + 1, end: Math.max(part.start + 1, part.end - 1) };
}

/** Where characters of a scalar's value stand in the source. */
export function spanIn(source: string, part: Part, start: number, end: number): Span {
  if (part.scalar === undefined) return part;
  const offsets = scalarOffsets(source, part.scalar);
  const from = offsets[Math.min(start, offsets.length - 1)] ?? part.start;
  const until = offsets[Math.min(end, offsets.length - 1)] ?? part.end;
  // The value's end is where the scalar ends, its quote included.
  return { start: from, end: Math.max(from, Math.min(until, innerSpan(source, part).end)) };
}

function touches(span: Span | undefined, offset: number): boolean {
  return span !== undefined && span.start <= offset && offset <= span.end;
}
