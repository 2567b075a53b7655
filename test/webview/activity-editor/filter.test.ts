import { expect, test } from 'vitest';
import type { EntrySearch } from '../../../src/engine/audit/search.ts';
import { chipsOf } from '../../../src/webview/activity-editor/chips.ts';
import {
  everything,
  type Filter,
  filterOf,
  isEverything,
  searchOf,
  toggled,
  withSpan,
  withTimes,
} from '../../../src/webview/activity-editor/filter.ts';
import { fresh, readSaved } from '../../../src/webview/activity-editor/saved.ts';

const now = new Date(2026, 10, 20, 12, 30).getTime();
const hour = 3_600_000;

test.each<[string, Filter, EntrySearch]>([
  ['nothing', everything, {}],
  ['blanks are no text', { ...everything, text: '  ', path: ' ' }, {}],
  ['a text', { ...everything, text: ' rm -rf ' }, { text: 'rm -rf' }],
  ['values of a list', toggled(toggled(everything, 'tools', 'shell'), 'tools', 'github/merge'), { tools: ['shell', 'github/merge'] }],
  ['a value that was taken back', toggled(toggled(everything, 'tools', 'shell'), 'tools', 'shell'), {}],
  ['an action that there is not', toggled(toggled(everything, 'actions', 'deny'), 'actions', 'fly'), { actions: ['deny'] }],
  ['the last hour', withSpan(everything, 'hour'), { since: now - hour }],
  ['today begins at midnight', withSpan(everything, 'today'), { since: now - 12.5 * hour }],
  ['seven days', withSpan(everything, 'week'), { since: now - 7 * 24 * hour }],
  ['between two times', withTimes(everything, 5, 9), { since: 5, until: 9 }],
  ['a span takes the place of times', withSpan(withTimes(everything, 5, 9), 'hour'), { since: now - hour }],
  ['times take the place of a span', withTimes(withSpan(everything, 'hour'), 5, undefined), { since: 5 }],
])('%s, in the governor’s words', (_, filter, search) => {
  expect(searchOf(filter, now)).toEqual(search);
  expect(isEverything(filter)).toBe(Object.keys(search).length === 0);
});

test('what another part wants to be shown becomes the filter', () => {
  const search: EntrySearch = { rules: ['mine/no-push'], sessions: ['s1'], text: 'push', since: 5 };
  expect(searchOf(filterOf(search), now)).toEqual(search);
});

test('every part of a filter has a chip, and each chip takes away its own part', () => {
  const filter: Filter = { lists: { actions: ['deny', 'allow'], people: ['ada'] }, text: 'push', path: 'src', span: 'week' };
  const chips = chipsOf(filter);
  expect(chips.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Decision: denied',
    'Decision: allowed',
    'Person: ada',
    'Text: push',
    'Path: src',
    'Time: Last 7 days',
  ]);
  for (const chip of chips) expect(chipsOf(chip.without).length).toBe(chips.length - 1);
  expect(
    chips.reduce(
      (rest, { label, value }) => chipsOf(rest).find((one) => one.label === label && one.value === value)?.without ?? rest,
      filter,
    ),
  ).toEqual(everything);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['something broken', { filter: { lists: [] }, width: 'wide' }],
  ['an older version’s', { version: 0 }],
])('a page that kept %s begins with everything', (_, kept) => {
  expect(readSaved(kept)).toEqual(fresh);
});

test('a page is brought back as it was kept', () => {
  const saved = { ...fresh, filter: withSpan(toggled(everything, 'tools', 'shell'), 'today'), open: 7 };
  expect(readSaved(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
});
