import type { SpendKey, SpendQuery } from '../../engine/spend/report.ts';
import { startOf } from '../../engine/spend/steps.ts';
import { WrongUsage } from './command.ts';
import { timeOf } from './time.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
export const spendOptions = {
  today: flag,
  week: flag,
  month: flag,
  since: text,
  until: text,
  by: text,
  session: text,
  tz: text,
  json: flag,
  csv: flag,
  'claude-dir': text,
  'codex-dir': text,
};

type Given = { readonly [name in keyof typeof spendOptions]?: string | boolean | undefined };

export interface SpendAsked {
  readonly query: SpendQuery;
  /** A row for each day instead of for each key. */
  readonly byDay: boolean;
  /** Other places than the agents' own, as the variables that name them. */
  readonly folders?: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;
const keys: readonly SpendKey[] = ['session', 'agent', 'subagent', 'model', 'workspace'];

/** Throws `WrongUsage` on what is no time, no zone and no way to split. */
export function askedOf(given: Given, now: number): SpendAsked {
  const by = textOf(given.by) ?? 'day';
  const key = keys.find((known) => known === by);
  if (key === undefined && by !== 'day') throw new WrongUsage(`--by is one of day, ${keys.join(', ')}`);
  const timeZone = zoneOf(textOf(given.tz));
  const since = textOf(given.since);
  const until = textOf(given.until);
  const session = textOf(given.session);
  const folders = foldersOf(given);
  return {
    byDay: key === undefined,
    query: {
      since: since === undefined ? beginning(given, now, timeZone) : timeOf(since, now),
      until: until === undefined ? now + dayMs : timeOf(until, now),
      by: key ?? 'model',
      step: 'day',
      timeZone,
      ...(session === undefined ? {} : { session }),
    },
    ...(folders === undefined ? {} : { folders }),
  };
}

/** Weeks begin on Monday. */
function beginning({ today, week, month }: Given, now: number, timeZone: string): number {
  const midnight = startOf('day', now, timeZone);
  const part = (type: 'weekday' | 'day'): string =>
    new Intl.DateTimeFormat('en-US', { timeZone, [type]: type === 'day' ? 'numeric' : 'short' }).format(now);
  // Noon of that day, then its beginning: days have 23 to 25 hours.
  const daysAgo = (days: number): number => startOf('day', midnight + dayMs / 2 - days * dayMs, timeZone);
  if (today === true) return midnight;
  if (week === true) return daysAgo(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')));
  if (month === true) return daysAgo(Number(part('day')) - 1);
  return 0;
}

function zoneOf(name: string | undefined): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name ?? own }).resolvedOptions().timeZone;
  } catch {
    throw new WrongUsage(`--tz "${name}" is no time zone; write one like Europe/Berlin`);
  }
}

/** With one of them, the other agent is left out. */
function foldersOf(given: Given): SpendAsked['folders'] {
  const claude = textOf(given['claude-dir']);
  const codex = textOf(given['codex-dir']);
  if (claude === undefined && codex === undefined) return undefined;
  return { CLAUDE_CONFIG_DIR: claude ?? nowhere, CODEX_HOME: codex ?? nowhere };
}

const nowhere = '/nowhere/at/all';

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
