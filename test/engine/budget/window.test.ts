import { expect, test } from 'vitest';
import type { Window } from '../../../src/engine/budget/document.ts';
import { windowAt } from '../../../src/engine/budget/window.ts';

test.each<[string, Exclude<Window, 'total'>, string, string, string, string]>([
  ['an hour', 'hour', 'UTC', '2026-03-04T15:20:30.5Z', '2026-03-04T15:00Z', '2026-03-04T16:00Z'],
  ['an hour of a zone with half hours', 'hour', 'Asia/Kolkata', '2026-03-04T15:20Z', '2026-03-04T14:30Z', '2026-03-04T15:30Z'],
  ['a day', 'day', 'Asia/Tokyo', '2026-03-04T15:20Z', '2026-03-04T15:00Z', '2026-03-05T15:00Z'],
  ['a day begins with its midnight', 'day', 'UTC', '2026-03-04T00:00Z', '2026-03-04T00:00Z', '2026-03-05T00:00Z'],
  ['the last moment of a day', 'day', 'UTC', '2026-03-04T23:59:59.999Z', '2026-03-04T00:00Z', '2026-03-05T00:00Z'],
  ['a day of 23 hours', 'day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
  ['a day of 25 hours', 'day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
  ['the evening of a day of 25 hours', 'day', 'America/New_York', '2026-11-02T04:30Z', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
  ['a day without a midnight', 'day', 'America/Santiago', '2026-09-06T12:00Z', '2026-09-06T04:00Z', '2026-09-07T03:00Z'],
  ['a day before one without a midnight', 'day', 'America/Santiago', '2026-09-06T03:59Z', '2026-09-05T04:00Z', '2026-09-06T04:00Z'],
  ['a day whose last hour comes twice', 'day', 'America/Santiago', '2026-04-05T03:30Z', '2026-04-04T03:00Z', '2026-04-05T04:00Z'],
  ['the hour that comes twice, first', 'hour', 'Europe/Berlin', '2026-10-25T00:10Z', '2026-10-25T00:00Z', '2026-10-25T01:00Z'],
  ['the hour that comes twice, then', 'hour', 'Europe/Berlin', '2026-10-25T01:10Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z'],
  ['a week begins on Monday', 'week', 'UTC', '2026-03-04T12:00Z', '2026-03-02T00:00Z', '2026-03-09T00:00Z'],
  ['Sunday belongs to the week before', 'week', 'UTC', '2026-03-08T12:00Z', '2026-03-02T00:00Z', '2026-03-09T00:00Z'],
  ['a week in which the clock is set', 'week', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-22T23:00Z', '2026-03-29T22:00Z'],
  ['a month', 'month', 'America/Los_Angeles', '2026-03-01T07:59Z', '2026-02-01T08:00Z', '2026-03-01T08:00Z'],
  ['December', 'month', 'UTC', '2026-12-31T23:00Z', '2026-12-01T00:00Z', '2027-01-01T00:00Z'],
])('%s', (_, window, zone, at, start, end) => {
  const span = windowAt(window, Date.parse(at), zone);
  expect([new Date(span.start), new Date(span.end)]).toEqual([new Date(start), new Date(end)]);
});
