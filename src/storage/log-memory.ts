import type { AuditRecord } from '../engine/audit/entry.ts';
import type { LogHead } from './state-db.ts';

interface ReadableLog {
  readonly get: (seq: number) => AuditRecord | undefined;
  readonly recent: (limit: number) => readonly AuditRecord[];
}

/**
 * Why the log is not the one whose head was remembered, as a sentence; `undefined` when it is, or when nothing was
 * remembered. The chain alone cannot tell: what is left of a log that was cut off holds.
 */
export function lostEntries(log: ReadableLog, head: LogHead | undefined): string | undefined {
  if (head === undefined || log.get(head.seq)?.hash === head.hash) return undefined;
  const last = log.recent(1)[0]?.seq ?? 0;
  if (last < head.seq) return `The audit log had ${head.seq} entries and has ${last} now: it was cut off, replaced or erased.`;
  return `Entry ${head.seq} of the audit log is not the one that was written: the log was replaced.`;
}
