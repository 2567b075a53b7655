import type { Approver } from '../engine/approval/approval.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import { isCause, type OpenIncident, type WrittenIncident } from './incident-list.ts';
import type { Office } from './office.ts';
import type { Ports } from './ports.ts';

const leftDays = 30;
const leftMs = leftDays * 24 * 60 * 60_000;
const mostRead = 1_000;

/** What the log holds of the last thirty days that no person has closed, oldest first: it outlives the governor that raised it. */
export function openInLog({ audit, clock }: Pick<Ports, 'audit' | 'clock'>): readonly OpenIncident[] {
  const since = clock.now() - leftMs;
  const closed = new Set(audit.list({ kind: 'incident-closed', since, limit: mostRead }).map(({ entry }) => entry.detail?.['incident']));
  const raised = audit.list({ kind: 'incident', since, limit: mostRead });
  return raised
    .filter(({ seq }) => !closed.has(seq))
    .flatMap(openIncident)
    .toReversed();
}

/** Only what ran without us waits for a person: the governor's own troubles are incidents, too, and pass by themselves. */
function openIncident({ seq, entry }: AuditRecord): readonly OpenIncident[] {
  const { agent = '', session = '', cwd = '', reason = '', time, detail } = entry;
  const cause = detail?.['cause'];
  return isCause(cause) ? [{ seq, time, agent, session, cwd, cause, what: reason.replace(/\.$/, '') }] : [];
}

/** A person has seen them. Resolves with those that were open; rejects where it could not be written down, and then they stay open. */
export async function closeIncidents(office: Office, seqs: readonly number[], reason: string, by: Approver): Promise<readonly number[]> {
  const { incidents, ledger, ports } = office;
  const taken = incidents.take(new Set(seqs));
  const closed = new Set<number>();
  try {
    for (const incident of taken) {
      await ledger.write(entryOf(incident, redactText(reason), by, ports.clock.now()), 'synced');
      closed.add(incident.seq);
    }
  } finally {
    incidents.putBack(taken.filter(({ seq }) => !closed.has(seq)));
  }
  return [...closed];
}

function entryOf(incident: WrittenIncident, reason: string, { user, surface }: Approver, now: number): Omit<AuditEntry, 'time'> {
  const { agent, session, cwd, time, seq } = incident;
  const approver = { user, surface, waitedMs: Math.max(0, now - time), reason };
  return { kind: 'incident-closed', agent, session, cwd, reason: `${user} has seen incident ${seq}.`, approver, detail: { incident: seq } };
}
