import type { AuditEntry } from '../entry.ts';

export type Severity = 'routine' | 'refused' | 'alarming';

/** How much an entry asks to be looked at: incidents most, then what was denied or ended by a person. */
export function severityOf({ kind, action }: AuditEntry): Severity {
  if (kind === 'incident') return 'alarming';
  return action === 'deny' || kind === 'session-killed' ? 'refused' : 'routine';
}
