import type { SpendRow } from '../../engine/spend/report.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import type { Choice } from './choice.ts';

export type Column = Choice['sort']['column'];

/** As the reader wants them sorted; equal ones stay dearest first, as they came. */
export function sorted(rows: readonly SpendRow[], { column, descending }: Choice['sort']): readonly SpendRow[] {
  const direction = descending ? -1 : 1;
  return rows.toSorted((a, b) => direction * order(a, b, column));
}

/** The next sort when a column's head is pressed: numbers begin with the highest, names with A. */
export function sortedBy(column: Column, current: Choice['sort']): Choice['sort'] {
  return column === current.column ? { column, descending: !current.descending } : { column, descending: column !== 'label' };
}

function order(a: SpendRow, b: SpendRow, column: Column): number {
  switch (column) {
    case 'label':
      return a.label.localeCompare(b.label);
    case 'usd':
      return a.sum.usd - b.sum.usd;
    case 'tokens':
      return totalOf(a.sum.tokens) - totalOf(b.sum.tokens);
    case 'responses':
      return a.sum.responses - b.sum.responses;
    case 'last':
      return a.lastAt - b.lastAt;
  }
}
