import { recordedCall } from '../../agents/recorded-call.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { ProposalSubject } from '../../engine/policy/propose-rule.ts';

/** The call of an entry, as a rule would have to name it. `undefined` where the entry is not about a call, or was emptied. */
export function subjectOf(entry: AuditEntry, real: (path: string) => string): ProposalSubject | undefined {
  const call = recordedCall(entry);
  return call && { ...call, paths: { read: call.paths.read.map(real), write: call.paths.write.map(real) } };
}
