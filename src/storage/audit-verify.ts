import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { brokenLink, genesis, textOf } from '../engine/audit/chain.ts';
import type { AuditRecord } from '../engine/audit/entry.ts';
import { columns, findable, recordOfRow, rowSchema } from './audit-rows.ts';
import { type Database, type OpenOptions, databaseError, openDatabase } from './database.ts';

export type LogVerdict =
  /** `head` is the hash of the last entry: kept elsewhere, it shows later whether the end was cut off. */
  | { readonly ok: true; readonly count: number; readonly head: string }
  /** `seq` is the first entry that does not hold; 0 where the fault is not in an entry. */
  | { readonly ok: false; readonly seq: number; readonly why: string };

/**
 * Reads a whole log, one entry at a time, and says what is the first thing that does not hold: a gap, an edited entry,
 * a hash that does not fit, a column that says something else than the entry, a policy text without its digest.
 * Entries missing at the end, and a log that someone wrote anew from the beginning, cannot be seen from the file alone.
 */
export function verifyAuditLog(path: string, options: OpenOptions = {}): LogVerdict {
  const database = openDatabase(path, { ...options, readonly: true });
  try {
    const verdict = verifyEntries(database);
    return verdict.ok ? (brokenPolicy(database) ?? verdict) : verdict;
  } catch (cause) {
    return { ok: false, seq: 0, why: databaseError('the log cannot be read', cause).message };
  } finally {
    database.close();
  }
}

function verifyEntries(database: Database): LogVerdict {
  let head = genesis;
  let count = 0;
  try {
    for (const row of database.prepare(`SELECT ${columns} FROM entries ORDER BY seq`).raw().iterate()) {
      const why = brokenRow(row, count + 1, head);
      if (why !== undefined) return { ok: false, seq: count + 1, why };
      head = recordOfRow(row).hash;
      count += 1;
    }
  } catch (cause) {
    return { ok: false, seq: count + 1, why: databaseError(`record ${count + 1} cannot be read`, cause).message };
  }
  return { ok: true, count, head };
}

function brokenRow(row: unknown, seq: number, previous: string): string | undefined {
  const [rowSeq, ...rest] = z.parse(rowSchema, row);
  if (rowSeq !== seq) return `record ${seq} is missing: found ${rowSeq} in its place`;
  const record = recordOfRow(row);
  return brokenLink(record, seq, previous) ?? brokenText(record, rest[6]) ?? brokenColumn(record, rest);
}

/** The stored text must be the one that was hashed: two members of one name, say, would read differently elsewhere. */
function brokenText(record: AuditRecord, json: string): string | undefined {
  return json === textOf(record.seq, record.entry)
    ? undefined
    : `record ${record.seq} was changed: its text is not the one that was hashed`;
}

function brokenColumn(record: AuditRecord, row: readonly unknown[]): string | undefined {
  const names = ['time', 'kind', 'session', 'agent', 'tool', 'action'];
  const wrong = findable(record.entry).findIndex((value, i) => !isDeepStrictEqual(value, row[i]));
  return wrong < 0 ? undefined : `record ${record.seq} was changed: its column "${names[wrong]}" says something else than the entry`;
}

const policyRow = z.tuple([z.string(), z.string(), z.string()]);

function brokenPolicy(database: Database): LogVerdict | undefined {
  for (const row of database.prepare('SELECT digest, source, path FROM policies').raw().iterate()) {
    const [digest, source, path] = z.parse(policyRow, row);
    if (digest !== `sha256:${createHash('sha256').update(source).digest('hex')}`) {
      return { ok: false, seq: 0, why: `the kept text of the policy ${path} was changed: it does not have the digest ${digest}` };
    }
  }
  return undefined;
}
