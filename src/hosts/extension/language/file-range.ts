import type { Span } from '../../../engine/policy/language/part.ts';
import type { Position } from '../../../engine/policy/position.ts';

/** A place in a file; lines and characters count from 0. */
export interface FileRange extends Range {
  readonly path: string;
  readonly isShipped: boolean;
}

export interface Range {
  readonly start: Place;
  readonly end: Place;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Located {
  readonly path: string;
  readonly source: string;
  readonly isShipped?: boolean;
}

export function rangeIn({ path, source, isShipped = false }: Located, { start, end }: Span): FileRange {
  return { path, isShipped, start: placeIn(source, start), end: placeIn(source, end) };
}

export function placeIn(source: string, offset: number): Place {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length - 1, character: offset - (before.lastIndexOf('\n') + 1) };
}

export function zeroBased({ line, column, endLine, endColumn }: Position): Range {
  return { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } };
}
