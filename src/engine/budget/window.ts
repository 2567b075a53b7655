import type { Window } from './document.ts';

/** Milliseconds since the epoch; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The hour, day, week (from Monday) or month of the person's own calendar that holds `at`. `timeZone` is an IANA name. Days may have
 * 23 or 25 hours, and one that has no midnight begins when the day before ends.
 */
export function windowAt(window: Exclude<Window, 'total'>, at: number, timeZone: string): Span {
  const offsetAt = offsetsOf(timeZone);
  if (window === 'hour') return hourAt(at, offsetAt);
  const { year, month, day, weekday } = localDate(at, offsetAt);
  const start = (y: number, m: number, d: number): number => startOfDay(Date.UTC(y, m, d), offsetAt);
  switch (window) {
    case 'day':
      return { start: start(year, month, day), end: start(year, month, day + 1) };
    case 'week':
      return { start: start(year, month, day - weekday), end: start(year, month, day - weekday + 7) };
    case 'month':
      return { start: start(year, month, 1), end: start(year, month + 1, 1) };
  }
}

/** How far a clock is ahead of UTC, in milliseconds. */
type Offsets = (at: number) => number;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Where the clock is set back, an hour comes twice: each is a window of its own. */
function hourAt(at: number, offsetAt: Offsets): Span {
  const into = modulo(at + offsetAt(at), hourMs);
  return { start: at - into, end: at - into + hourMs };
}

interface LocalDate {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  /** From Monday, 0. */
  readonly weekday: number;
}

function localDate(at: number, offsetAt: Offsets): LocalDate {
  const local = new Date(at + offsetAt(at));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    weekday: modulo(local.getUTCDay() - 1, 7),
  };
}

/** The first moment that belongs to a day, which is given by its midnight in UTC. */
function startOfDay(midnight: number, offsetAt: Offsets): number {
  const offsets = [midnight - dayMs, midnight + dayMs].map(offsetAt);
  const candidates = offsets.map((offset) => midnight - offset).filter((start) => start + offsetAt(start) >= midnight);
  return Math.min(...candidates);
}

function offsetsOf(timeZone: string): Offsets {
  const field = 'numeric' as const;
  const fields = { year: field, month: field, day: field, hour: field, minute: field, second: field };
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - (at - modulo(at, 1000));
  };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
