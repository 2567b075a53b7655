import * as z from 'zod/mini';
import { type EntryKind, entryKinds } from '../../engine/audit/entry.ts';
import type { EntrySearch, Facets } from '../../engine/audit/search.ts';
import type { Action } from '../../engine/decision.ts';

/** The filters of which several values may be chosen, each by the name that search and facets share. */
export const listNames = [
  'actions',
  'kinds',
  'tools',
  'rules',
  'agents',
  'sessions',
  'people',
] as const satisfies readonly (keyof Facets)[];
export type ListName = (typeof listNames)[number];

export const spans = ['hour', 'today', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

/** What a person wants to see. `span` moves with the clock; `since` and `until` stand still, and are not used beside it. */
export interface Filter {
  readonly lists: Readonly<Partial<Record<ListName, readonly string[]>>>;
  readonly text: string;
  readonly path: string;
  readonly span?: Span;
  readonly since?: number;
  readonly until?: number;
}

const list = z.exactOptional(z.array(z.string()));
export const filterSchema: z.ZodMiniType<Filter> = z.object({
  lists: z.object({ actions: list, kinds: list, tools: list, rules: list, agents: list, sessions: list, people: list }),
  text: z.string(),
  path: z.string(),
  span: z.exactOptional(z.enum(spans)),
  since: z.exactOptional(z.number()),
  until: z.exactOptional(z.number()),
});

export const everything: Filter = { lists: {}, text: '', path: '' };

/** The filter in the governor's words. A span is counted from `now`; today begins at the reader's midnight. */
export function searchOf(filter: Filter, now: number): EntrySearch {
  const { actions, kinds, ...lists } = filter.lists;
  const since = filter.span === undefined ? filter.since : startOf(filter.span, now);
  const until = filter.span === undefined ? filter.until : undefined;
  return {
    ...lists,
    ...(actions === undefined ? {} : { actions: actions.filter(isAction) }),
    ...(kinds === undefined ? {} : { kinds: kinds.filter(isKind) }),
    ...(filter.text.trim() === '' ? {} : { text: filter.text.trim() }),
    ...(filter.path.trim() === '' ? {} : { path: filter.path.trim() }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** The other way: what another part of the editor wants to be shown. */
export function filterOf({ text = '', path = '', since, until, ...lists }: EntrySearch): Filter {
  return { lists, text, path, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}

export function isEverything(filter: Filter): boolean {
  return Object.keys(searchOf(filter, 0)).length === 0;
}

export function toggled(filter: Filter, name: ListName, value: string): Filter {
  const values = filter.lists[name] ?? [];
  return withList(filter, name, values.includes(value) ? values.filter((each) => each !== value) : [...values, value]);
}

/** Nothing chosen means that everything is wanted. */
export function withList(filter: Filter, name: ListName, values: readonly string[]): Filter {
  const { [name]: _old, ...others } = filter.lists;
  return { ...filter, lists: values.length === 0 ? others : { ...others, [name]: values } };
}

export function withSpan(filter: Filter, span: Span | undefined): Filter {
  const { lists, text, path } = filter;
  return { lists, text, path, ...(span === undefined ? {} : { span }) };
}

export function withTimes(filter: Filter, since: number | undefined, until: number | undefined): Filter {
  return { ...withSpan(filter, undefined), ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}

const dayMs = 86_400_000;

function startOf(span: Span, now: number): number {
  if (span === 'hour') return now - 3_600_000;
  if (span === 'today') return new Date(now).setHours(0, 0, 0, 0);
  return now - (span === 'week' ? 7 : 30) * dayMs;
}

const actions: ReadonlySet<string> = new Set<Action>(['allow', 'deny', 'require_approval', 'abstain']);
const kinds: ReadonlySet<string> = new Set(entryKinds);

function isAction(value: string): value is Action {
  return actions.has(value);
}

function isKind(value: string): value is EntryKind {
  return kinds.has(value);
}
