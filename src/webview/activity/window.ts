/** Which rows of a long list must exist: those in sight and a few around them. Rows are all equally high. */
export interface Rows {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

const spare = 8;

export function visibleRows(scrollTop: number, viewHeight: number, rowHeight: number, count: number): Rows {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + spare);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is wholly in sight; the same place when it is. */
export function scrollToRow(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + viewHeight ? top + rowHeight - viewHeight : scrollTop;
}
