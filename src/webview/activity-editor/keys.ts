export interface ListKeys {
  readonly active: number;
  readonly count: number;
  /** Rows in sight. */
  readonly view: number;
}

/** The row that a key moves to; `undefined` for any other key. */
export function rowAfter(key: string, { active, count, view }: ListKeys): number | undefined {
  const step = Math.max(1, view - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    j: active + 1,
    ArrowUp: active - 1,
    k: active - 1,
    PageDown: active + step,
    PageUp: active - step,
    Home: 0,
    End: count - 1,
  };
  const to = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return to === undefined ? undefined : Math.max(0, Math.min(to, count - 1));
}
