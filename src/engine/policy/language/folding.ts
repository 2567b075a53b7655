import type { Part, Span } from './part.ts';

/** Lines from 0, both inclusive. */
export interface Fold {
  readonly first: number;
  readonly last: number;
  readonly isComment: boolean;
}

/** What can be folded away: documents, everything that goes over several lines, and comments. */
export function folds(source: string, roots: readonly Part[]): readonly Fold[] {
  const lineAt = lineFinder(source);
  const found = new Map<number, Fold>();
  const add = (fold: Fold): void => {
    const known = found.get(fold.first);
    if (fold.last > fold.first && (known === undefined || known.last < fold.last)) found.set(fold.first, fold);
  };
  const visit = (part: Part): void => {
    const from = part.key?.start ?? part.start;
    add({ first: lineAt(from), last: lineAt(Math.max(from, part.end - 1)), isComment: false });
    part.parts.forEach(visit);
  };
  roots.forEach(visit);
  for (const { start, end } of comments(source)) add({ first: lineAt(start), last: lineAt(end - 1), isComment: true });
  return [...found.values()].toSorted((a, b) => a.first - b.first);
}

/** Two or more lines of comments. */
function comments(source: string): readonly Span[] {
  return [...source.matchAll(/^[ \t]*#.*(\r?\n[ \t]*#.*)+/gm)].map(({ index, 0: text }) => ({ start: index, end: index + text.length }));
}

function lineFinder(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
