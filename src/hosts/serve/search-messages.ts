import type { ExportFormat } from '../../engine/audit/export/formats.ts';
import type { Methods } from '../../channel/messages.ts';
import type { EntryDetails, EntryRow, EntrySearch, Facets } from '../../engine/audit/search.ts';
import type { SearchProgress } from '../../storage/audit-search.ts';

/** What the governor asks the thread that searches. Each search has a key of its own, whatever its client calls it. */
export interface SearchMethods {
  readonly open: { readonly params: { readonly key: number; readonly search: EntrySearch }; readonly result: SearchProgress };
  readonly rows: {
    readonly params: { readonly key: number; readonly from: number; readonly limit: number };
    readonly result: readonly EntryRow[];
  };
  readonly close: { readonly params: { readonly key: number }; readonly result: true };
  readonly export: {
    readonly params: { readonly key: number; readonly format: ExportFormat; readonly file: string };
    readonly result: { readonly entries: number };
  };
  readonly facets: { readonly params: Readonly<Record<string, never>>; readonly result: Facets };
  readonly ruleCounts: Methods['ruleCounts'];
  readonly entry: { readonly params: { readonly seq: number }; readonly result: EntryDetails };
  /** Breaks off what is under way and ends the thread. */
  readonly end: { readonly params: Readonly<Record<string, never>>; readonly result: true };
}
export type SearchMethod = keyof SearchMethods;

export type SearchAsked = {
  readonly [M in SearchMethod]: { readonly id: number; readonly method: M; readonly params: SearchMethods[M]['params'] };
}[SearchMethod];

export type SearchTold = SearchAnswered | SearchFailed | SearchAdvanced;
export interface SearchAnswered {
  readonly id: number;
  readonly result: SearchMethods[SearchMethod]['result'];
}
export interface SearchFailed {
  readonly id: number;
  readonly error: { readonly message: string; readonly code?: string };
}
export interface SearchAdvanced {
  readonly key: number;
  readonly progress: SearchProgress;
}

/** What the thread is started with. */
export interface SearchPlace {
  /** The log's file, and our own folder. */
  readonly audit: string;
  readonly home: string;
  readonly version: string;
}
