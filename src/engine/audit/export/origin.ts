import type { AuditRecord } from '../entry.ts';

/** An entry in its place with the text that was hashed and stored: the canonical JSON of `{version, seq, ...entry}`. */
export interface StoredEntry {
  readonly record: AuditRecord;
  readonly text: string;
}

/** Which log an exported entry comes from. */
export interface LogOrigin {
  /** The hash of the log's first entry: it names the log, and with it the device and user, for as long as the log lives. */
  readonly log: string;
  /** The machine's name. */
  readonly host: string;
  /** The version of Countersign that exports. */
  readonly version: string;
}

const logDigits = 32;
const hashDigits = 16;

/**
 * What receivers drop duplicates by: the log, the place in it, and the content. The content is part of it because two machines made
 * from one image begin with the same log: their later entries must not be taken for each other's.
 */
export function keyOf({ log }: LogOrigin, seq: number, hash: string): string {
  return `${log.slice(0, logDigits)}/${seq}/${hash.slice(0, hashDigits)}`;
}

/** The key of the entry before; `undefined` for the first one. */
export function previousKeyOf(origin: LogOrigin, { seq, previous }: AuditRecord): string | undefined {
  return seq === 1 ? undefined : keyOf(origin, seq - 1, previous);
}
