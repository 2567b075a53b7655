import { expect, test } from 'vitest';
import { startOf, stepsOf } from '../../../src/engine/spend/steps.ts';

const iso = (at: number): string => new Date(at).toISOString();

test.each<[string, string, string]>([
  ['UTC', '2026-11-28T13:00:00Z', '2026-11-28T00:00:00.000Z'],
  ['America/Los_Angeles', '2026-11-28T07:59:00Z', '2026-11-27T08:00:00.000Z'],
  ['Asia/Tokyo', '2026-11-28T15:00:00Z', '2026-11-28T15:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-28T18:15:00Z', '2026-11-28T18:15:00.000Z'],
  // The clocks went back at 3 o'clock: midnight was still in summer time.
  ['Europe/Berlin', '2026-10-25T20:00:00Z', '2026-10-24T22:00:00.000Z'],
])('in %s, the day of %s began at %s', (timeZone, at, expected) => {
  expect(iso(startOf('day', Date.parse(at), timeZone))).toBe(expected);
});

test('a day with 25 hours is one step', () => {
  const span = {
    since: Date.parse('2026-10-24T12:00:00Z'),
    until: Date.parse('2026-10-26T12:00:00Z'),
    step: 'day',
    timeZone: 'Europe/Berlin',
  } as const;
  expect(stepsOf(span).map(iso)).toEqual([
    '2026-10-23T22:00:00.000Z',
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
    '2026-10-26T23:00:00.000Z',
  ]);
});

test('hours begin where the clocks of the zone say so', () => {
  expect(iso(startOf('hour', Date.parse('2026-11-28T10:10:00Z'), 'Asia/Kolkata'))).toBe('2026-11-28T09:30:00.000Z');
});

test('an unknown time zone is refused', () => {
  expect(() => startOf('day', 0, 'Mars/Olympus')).toThrow(/time zone/i);
});
