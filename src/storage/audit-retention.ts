import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod/mini';
import { canonicalJson } from '../engine/audit/canonical.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import { leafHash } from '../engine/audit/tree.ts';
import { isEmptied, lastCheckpoint } from './audit-checkpoints.ts';
import { holdsIn, isHeld } from './audit-holds.ts';
import { ownKinds } from './audit-schema.ts';
import { type Database, openDatabase, patientlyIn } from './database.ts';

export interface RetentionOptions {
  readonly path: string;
  readonly append: (entry: AuditEntry, durability: 'written' | 'synced') => Promise<AuditRecord>;
  readonly now: () => number;
  /** Entries older than this are emptied; 0: none ever. */
  readonly days: number;
}

const row = z.tuple([z.number(), z.number(), z.string(), z.nullable(z.string()), z.string()]);
type Row = z.infer<typeof row>;

const dayMs = 86_400_000;
/** So many at once; in between, calls are answered. */
const slice = 100;

/**
 * Removes the contents of entries that are older than the rule allows, and says so in an entry of its own beforehand. Only what a
 * checkpoint covers is touched: the tree goes on holding by the leaves that stay. Resolves with how many were emptied.
 */
export async function emptyOld({ path, append, now, days }: RetentionOptions): Promise<number> {
  if (days === 0) return 0;
  const database = openDatabase(path, { timeoutMs: 0 });
  try {
    // What is removed is overwritten in the file, not only unlinked.
    database.pragma('secure_delete = ON');
    const before = now() - days * dayMs;
    const due = await dueIn(database, before);
    const upTo = due.at(-1);
    if (upTo === undefined) return 0;
    const reason = `The contents of ${due.length} entries from before ${new Date(before).toISOString()} are removed.`;
    const detail = { rule: `audit.retentionDays: ${days}`, before: Math.trunc(before), upTo, count: due.length };
    const { seq } = await append({ kind: 'prune', time: now(), reason, detail }, 'synced');
    await emptyAll(database, due, seq);
    return due.length;
  } finally {
    database.close();
  }
}

async function dueIn(database: Database, before: number): Promise<readonly number[]> {
  const due: number[] = [];
  const signed = lastCheckpoint(database)?.checkpoint.size ?? 0;
  // By the index of times: where nothing is old, nothing is read.
  const old = database.prepare('SELECT max(seq) FROM entries INDEXED BY entries_time WHERE time < ?').pluck().get(before);
  const end = Math.min(signed, Number(old ?? 0));
  const page = database
    .prepare(
      `SELECT seq, time, kind, session, json FROM entries
      WHERE seq > ? AND seq <= ? AND time < ? AND kind NOT IN ${ownKinds} ORDER BY seq LIMIT ?`,
    )
    .raw();
  const holds = holdsIn(database);
  for (let after = 0; ;) {
    const rows: readonly Row[] = page.all(after, end, before, slice).map((found) => z.parse(row, found));
    due.push(...rows.filter(([, time, , session, json]) => !isEmptied(json) && !isHeld(holds, time, session)).map(([seq]) => seq));
    if (rows.length < slice) return due;
    after = rows.at(-1)?.[0] ?? after;
    await turn();
  }
}

async function emptyAll(database: Database, due: readonly number[], by: number): Promise<void> {
  const read = database.prepare('SELECT seq, time, kind, session, json FROM entries WHERE seq = ?').raw();
  const write = database.prepare('UPDATE entries SET session = NULL, agent = NULL, tool = NULL, action = NULL, json = ? WHERE seq = ?');
  const emptySome = database.transaction((some: readonly number[]) => {
    // A hold that was put in force meanwhile counts.
    const holds = holdsIn(database);
    for (const [seq, time, kind, session, json] of some.map((one) => z.parse(row, read.get(one)))) {
      if (!isHeld(holds, time, session)) write.run(emptied(seq, time, kind, json, by), seq);
    }
  });
  for (let i = 0; i < due.length; i += slice) {
    await patientlyIn(() => emptySome.immediate(due.slice(i, i + slice)));
    await turn();
  }
  // Otherwise what was removed stays readable beside the file until it is overwritten.
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function emptied(seq: number, time: number, kind: string, json: string, by: number): string {
  return canonicalJson({ kind, leaf: leafHash(json).toString('hex'), pruned: by, seq, time, version: 1 });
}
