import type { EntryDetails, Facets } from '../../engine/audit/search.ts';
import type { Filter, ListName } from './filter.ts';
import type { Findings } from './findings.ts';
import type { EntryAction } from './messages.ts';
import type { Rows } from './scroll-range.ts';

export type MenuName = ListName | 'path' | 'time';

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'governed' }
  | { readonly state: 'unreachable'; readonly reason: string };

/** Everything that the page is drawn from. */
export interface View {
  readonly link: Link;
  readonly filter: Filter;
  readonly findings: Findings;
  readonly rows: Rows;
  /** The row the keyboard is on. */
  readonly active: number;
  readonly facets: Facets | undefined;
  /** Why the values could not be counted. */
  readonly facetsError: string;
  readonly menu: { readonly name: MenuName; readonly query: string } | undefined;
  /** The entry whose details are open, and what is known of it. */
  readonly open: { readonly seq: number; readonly details?: EntryDetails; readonly error?: string } | undefined;
  /** The details’ size in pixels, beside the list or below it. */
  readonly split: { readonly isBeside: boolean; readonly size: number };
  /** Why the search came to nothing. */
  readonly error: string;
  /** What a screen reader says now. */
  readonly said: string;
  readonly now: number;
}

export interface Events {
  readonly filter: (filter: Filter) => void;
  readonly typed: (text: string) => void;
  readonly menu: (name: MenuName | undefined, query?: string) => void;
  readonly scroll: () => void;
  readonly key: (event: KeyboardEvent) => void;
  readonly open: (row: number) => void;
  readonly openEntry: (seq: number) => void;
  readonly close: () => void;
  readonly newest: () => void;
  readonly act: (action: EntryAction, part?: number) => void;
  readonly post: (type: 'export' | 'retry' | 'open-log') => void;
  readonly again: () => void;
  readonly resize: (event: PointerEvent | KeyboardEvent) => void;
}
