/** Pixels; the style sheet says the same. */
export const rowHeight = 22;

/**
 * Browsers do not draw elements beyond a height (Firefox 17.9 million pixels, Chromium 33.5): a longer list gets a scroll bar of this
 * length, whose thumb goes through it in larger steps.
 */
export const longest = 16_000_000;

/** How high the list claims to be, for `rows` of them. */
export function claimedHeight(rows: number): number {
  return Math.min(rows * rowHeight, longest);
}

/** The largest offset: pixels of a list as high as it really is. */
export function lastOffset(rows: number, view: number): number {
  return Math.max(0, rows * rowHeight - view);
}

/** Where the scroll bar stands when the list stands at `offset`. */
export function barAt(offset: number, rows: number, view: number): number {
  const last = lastOffset(rows, view);
  if (rows * rowHeight <= longest || last === 0) return offset;
  return (offset / last) * (longest - view);
}

export interface Bar {
  /** Where it stood when the list stood at `offset`. */
  readonly before: number;
  readonly now: number;
}

/**
 * Where the list stands after the bar has moved. In a list that is longer than its bar, a turn of the wheel still moves it pixel by
 * pixel; the thumb moves it by its share.
 */
export function offsetAfter(bar: Bar, offset: number, rows: number, view: number): number {
  const last = lastOffset(rows, view);
  if (rows * rowHeight <= longest) return Math.min(bar.now, last);
  const end = longest - view;
  if (bar.now <= 0) return 0;
  if (bar.now >= end - 1) return last;
  const moved = bar.now - bar.before;
  const next = Math.abs(moved) <= 2 * view ? offset + moved : (bar.now / end) * last;
  return Math.min(Math.max(next, 0), last);
}

/** Display rows; `end` is exclusive. */
export interface Rows {
  readonly first: number;
  readonly end: number;
}

const spare = 8;

export function rowsAt(offset: number, view: number, rows: number): Rows {
  const end = Math.min(rows, Math.ceil((offset + view) / rowHeight) + spare);
  return { first: Math.max(0, Math.min(Math.floor(offset / rowHeight) - spare, end)), end };
}

/** The offset at which `row` is wholly in sight; the same one when it is. */
export function offsetShowing(row: number, offset: number, view: number): number {
  const top = row * rowHeight;
  if (top < offset) return top;
  return top + rowHeight > offset + view ? top + rowHeight - view : offset;
}
