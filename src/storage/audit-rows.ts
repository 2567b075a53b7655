import * as z from 'zod/mini';
import { type AuditEntry, type AuditRecord, entryKinds } from '../engine/audit/entry.ts';
import { action, jsonObject, mode, optionalText, ruleRef } from './decision-schema.ts';

/** One row, in the order of the columns. */
export type AuditRow = readonly [
  seq: number,
  time: number,
  kind: string,
  session: string | null,
  agent: string | null,
  tool: string | null,
  action: string | null,
  json: string,
  previous: string,
  hash: string,
];
export const columns = 'seq, time, kind, session, agent, tool, action, json, previous, hash';

export function rowOf(record: AuditRecord, text: string): AuditRow {
  return [record.seq, ...findable(record.entry), text, record.previous, record.hash];
}

/** What an entry is found by. A lone surrogate cannot be stored as text; in `json` it stands as an escape. */
export function findable(entry: AuditEntry) {
  const text = (value: string | undefined): string | null => value?.toWellFormed() ?? null;
  return [Math.trunc(entry.time), entry.kind, text(entry.session), text(entry.agent), text(entry.tool), text(entry.action)] as const;
}

/** Throws on a row that this version cannot understand. */
export function recordOfRow(row: unknown): AuditRecord {
  const [seq, , , , , , , json, previous, hash] = z.parse(rowSchema, row);
  const { version, seq: _, ...entry } = understand(seq, json);
  return { version, seq, entry, previous, hash };
}

function understand(seq: number, json: string) {
  try {
    return z.parse(textSchema, JSON.parse(json));
  } catch (cause) {
    throw new Error(`record ${seq} is none that this version understands`, { cause });
  }
}

const nullableText = z.nullable(z.string());
export const rowSchema = z.tuple([
  z.number(),
  z.number(),
  z.string(),
  nullableText,
  nullableText,
  nullableText,
  nullableText,
  z.string(),
  z.string(),
  z.string(),
]);

const rules = z.exactOptional(z.array(ruleRef));

/** Loose: a field that a later version added is kept, so that its hash still holds. */
const textSchema = z.looseObject({
  version: z.literal(1),
  seq: z.number(),
  kind: z.enum(entryKinds),
  time: z.number(),
  session: optionalText,
  agent: optionalText,
  subagent: optionalText,
  callId: optionalText,
  tool: optionalText,
  nativeTool: optionalText,
  mcpServer: optionalText,
  cwd: optionalText,
  arguments: z.exactOptional(jsonObject),
  argumentsDigest: optionalText,
  action: z.exactOptional(action),
  reason: optionalText,
  rules,
  observed: rules,
  mode: z.exactOptional(mode),
  approvalId: optionalText,
  approver: z.exactOptional(z.looseObject({ user: z.string(), surface: z.string(), waitedMs: z.number(), reason: z.string() })),
  facts: z.exactOptional(jsonObject),
  detail: z.exactOptional(jsonObject),
});
