import * as z from 'zod/mini';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { EntryDetails, RuleText } from '../engine/audit/search.ts';
import type { RuleRef } from '../engine/decision.ts';
import { ruleLine } from '../engine/policy/rule-line.ts';
import { entryProof } from './audit-entry-proof.ts';
import { columns, recordOfRow } from './audit-rows.ts';
import type { Database } from './database.ts';
import { readPolicyText } from './policy-text.ts';

/** One entry with everything that belongs to it; `undefined` where there is none of that number. */
export function entryDetails(database: Database, seq: number): EntryDetails | undefined {
  const row = database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw().get(seq);
  if (row === undefined) return undefined;
  const record = recordOfRow(row);
  const by = prunedBy(record.entry);
  return {
    record,
    ...(by === undefined ? {} : { pruned: { by } }),
    rules: ruleTexts(database, record.entry.rules ?? []),
    related: relatedTo(database, record),
    proof: entryProof(database, seq),
  };
}

function prunedBy(entry: AuditEntry): number | undefined {
  const { success, data } = z.safeParse(emptied, entry);
  return success ? data.pruned : undefined;
}
const emptied = z.object({ pruned: z.number() });

/** So far from an entry the others of its call are looked for; and so many of them. */
const reach = 50_000;
const most = 100;

/** By the index of sessions: in a long one, only around the entry. */
function relatedTo(database: Database, { seq, entry }: AuditRecord): readonly AuditRecord[] {
  const { callId = null, approvalId = null, session } = entry;
  if (session === undefined || (callId === null && approvalId === null)) return [];
  const sql = `SELECT ${columns} FROM entries INDEXED BY entries_session
    WHERE session = ? AND seq BETWEEN ? AND ? AND seq <> ? AND (instr(json, ?) OR instr(json, ?))
    AND (json ->> '$.callId' = ? OR json ->> '$.approvalId' = ?) ORDER BY seq LIMIT ?`;
  const found = database
    .prepare(sql)
    .raw()
    .all(session.toWellFormed(), seq - reach, seq + reach, seq, text(callId), text(approvalId), callId, approvalId, most);
  return found.flatMap(readable);
}

/** One that cannot be read must not keep the others from being seen; by itself it says why. */
function readable(row: unknown): readonly AuditRecord[] {
  try {
    return [recordOfRow(row)];
  } catch {
    return [];
  }
}

/** Cheap to look for, before JSON is read. */
function text(id: string | null): string | null {
  return id === null ? null : JSON.stringify(id);
}

function ruleTexts(database: Database, rules: readonly RuleRef[]): readonly RuleText[] {
  return [...new Map(rules.map((rule) => [`${rule.policy}/${rule.rule}@${rule.digest}`, rule])).values()].map((rule) =>
    ruleText(database, rule),
  );
}

/** The text is empty where it was not kept: a file that could not be read has none. */
function ruleText(database: Database, { policy, rule, digest }: RuleRef): RuleText {
  const found = z.parse(kept, database.prepare('SELECT source, path FROM policies WHERE digest = ?').get(digest));
  if (found === undefined) return { policy, rule, digest, file: '', line: 1, text: '', isCurrent: false };
  const { source, path } = found;
  return { policy, rule, digest, file: path, line: ruleLine(source, policy, rule), text: source, isCurrent: isCurrent(path, digest) };
}
const kept = z.optional(z.object({ source: z.string(), path: z.string() }));

function isCurrent(path: string, digest: string): boolean {
  const now = readPolicyText(path);
  return now.ok && now.digest === digest;
}
