import type { SpendQuery } from './report.ts';

/** As short as the offsets of all time zones need it: every day and hour begins with one. */
export const quarterMs = 15 * 60_000;
const hourMs = 4 * quarterMs;
const dayMs = 24 * hourMs;
/** More than a year of hours cannot be looked at. */
const mostSteps = 10_000;

/** The beginnings of every step that touches the span, oldest first, and the end of the last one. Throws on an unknown time zone. */
export function stepsOf({ since, until, step, timeZone }: Pick<SpendQuery, 'since' | 'until' | 'step' | 'timeZone'>): readonly number[] {
  const zone = new Zone(timeZone);
  const starts = [zone.startOf(step, since)];
  for (let at = starts[0] ?? since; at < until && starts.length < mostSteps;) {
    // A day has 23 to 25 hours: half a day more than one is always within the next.
    at = step === 'hour' ? at + hourMs : zone.startOf('day', at + dayMs + dayMs / 2);
    starts.push(at);
  }
  return starts;
}

/** When the step began that a moment is in, by the clocks of a time zone. */
export function startOf(step: 'hour' | 'day', at: number, timeZone: string): number {
  return new Zone(timeZone).startOf(step, at);
}

class Zone {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  startOf(step: 'hour' | 'day', at: number): number {
    const length = step === 'hour' ? hourMs : dayMs;
    const offset = this.#offset(at);
    const local = Math.floor((at + offset) / length) * length;
    // The clocks may have been changed since then.
    const before = this.#offset(local - offset);
    return local - (step === 'hour' ? offset : before);
  }

  /** How far the clocks are ahead of UTC. */
  #offset(at: number): number {
    const parts = this.#format.formatToParts(at);
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((found) => found.type === type)?.value ?? 0);
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(at / 1000) * 1000;
  }
}
