import * as z from 'zod/mini';
import type { AuditEntry } from '../engine/audit/entry.ts';
import type { Database } from './database.ts';

/** What must not be emptied while it lasts: a session's entries, or those of a span of time (`until` is exclusive). */
export interface Hold {
  readonly id: string;
  readonly session?: string;
  readonly since?: number;
  readonly until?: number;
  readonly reason: string;
  /** When it was put in force. */
  readonly at: number;
}

const holdEntry = z.looseObject({
  time: z.number(),
  reason: z.string(),
  detail: z.object({
    event: z.enum(['add', 'remove']),
    id: z.string(),
    session: z.exactOptional(z.string()),
    since: z.exactOptional(z.number()),
    until: z.exactOptional(z.number()),
  }),
});

/** Those in force, oldest first: the log itself is where they are kept. */
export function holdsIn(database: Database): readonly Hold[] {
  const holds = new Map<string, Hold>();
  for (const json of database.prepare("SELECT json FROM entries WHERE kind = 'hold' ORDER BY seq").pluck().all()) {
    const { time, reason, detail } = z.parse(holdEntry, JSON.parse(String(json)));
    const { id, event, ...place } = detail;
    if (event === 'remove') holds.delete(id);
    else holds.set(id, { ...place, id, reason, at: time });
  }
  return [...holds.values()];
}

export function holdAdded({ at, reason, ...detail }: Hold): AuditEntry {
  return { kind: 'hold', time: at, reason, detail: { event: 'add', ...detail } };
}

export function holdRemoved(id: string, reason: string, at: number): AuditEntry {
  return { kind: 'hold', time: at, reason, detail: { event: 'remove', id } };
}

export function isHeld(holds: readonly Hold[], time: number, session: string | null): boolean {
  return holds.some((hold) => isWithin(hold, time) && (hold.session ?? session) === session);
}

function isWithin({ since = -Infinity, until = Infinity }: Hold, time: number): boolean {
  return time >= since && time < until;
}
