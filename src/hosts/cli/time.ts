import { WrongUsage } from './command.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `2h` (ago), a date (`2026-03-04`, its beginning here) or a date-time, in milliseconds since the epoch. */
export function timeOf(text: string, now: number): number {
  const ago = /^(\d+)([smhdw])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (units[ago[2] ?? ''] ?? NaN);
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text);
  if (Number.isNaN(time)) throw new WrongUsage(`"${text}" is not a time; write 2h, 2026-03-04 or 2026-03-04T15:00`);
  return time;
}
