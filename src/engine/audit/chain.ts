import { hash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { AuditEntry, AuditRecord } from './entry.ts';

/** What the first record names as its predecessor. */
export const genesis = '0'.repeat(64);

export type ChainVerdict =
  | { readonly ok: true; readonly count: number }
  /** `seq` is where the first thing stands that does not hold. */
  | { readonly ok: false; readonly seq: number; readonly why: string };

/** Puts an entry into its place after the record whose hash is `previous` (64 hex digits). */
export function recordOf(previous: string, seq: number, entry: AuditEntry): AuditRecord {
  return linkOf(previous, seq, entry).record;
}

/** The same, with the text that is to be stored: it is long, and made once. */
export function linkOf(previous: string, seq: number, entry: AuditEntry): { readonly record: AuditRecord; readonly text: string } {
  const text = textOf(seq, entry);
  return { record: { version: 1, seq, entry, previous, hash: hashOf(previous, text) }, text };
}

/** What is hashed and stored of an entry in its place: the canonical JSON of `{version, seq, ...entry}`. */
export function textOf(seq: number, entry: AuditEntry): string {
  return canonicalJson({ ...entry, version: 1, seq });
}

/** SHA-256 (hex) over the 32 bytes of `previous` and the UTF-8 bytes of `text`. */
export function hashOf(previous: string, text: string): string {
  const bytes = Buffer.allocUnsafe(32 + Buffer.byteLength(text));
  bytes.write(previous, 'hex');
  bytes.write(text, 32);
  return hash('sha256', bytes, 'hex');
}

/**
 * Reads a log from its first record on and says where it stops to hold together.
 * It cannot see that records are missing at the end: for that, compare with a count or hash kept elsewhere.
 */
export function verifyChain(records: Iterable<AuditRecord>): ChainVerdict {
  let previous = genesis;
  let count = 0;
  for (const record of records) {
    const why = brokenLink(record, count + 1, previous);
    if (why !== undefined) return { ok: false, seq: count + 1, why };
    previous = record.hash;
    count += 1;
  }
  return { ok: true, count };
}

/** Why `record` cannot be number `seq` after `previous`; `undefined` when it can. */
export function brokenLink(record: AuditRecord, seq: number, previous: string): string | undefined {
  if (record.seq !== seq) return `record ${seq} is missing: found ${record.seq} in its place`;
  if (record.version !== 1) return `record ${seq} has the unknown version ${String(record.version)}`;
  if (record.previous !== previous) return `record ${seq} does not follow from the one before it`;
  if (recordOf(previous, seq, record.entry).hash !== record.hash) return `record ${seq} was changed: its hash does not match its content`;
  return undefined;
}
