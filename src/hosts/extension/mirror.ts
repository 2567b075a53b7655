import type { Push, Snapshot } from '../../channel/messages.ts';

/** Older records are fetched again from the governor when someone scrolls to them. */
const keptRecords = 500;

/** The snapshot after a push. The same object where nothing changed. */
export function applyPush(snapshot: Snapshot, push: Push): Snapshot {
  switch (push.push) {
    case 'status':
      return { ...snapshot, status: push.status };
    case 'approvals':
      return { ...snapshot, approvals: push.approvals };
    case 'sessions':
      return { ...snapshot, sessions: push.sessions };
    case 'activity':
      return { ...snapshot, activity: newerFirst(push.records, snapshot.activity) };
  }
}

function newerFirst(records: Snapshot['activity'], known: Snapshot['activity']): Snapshot['activity'] {
  const newest = known[0]?.seq ?? 0;
  return [...records.filter((record) => record.seq > newest), ...known].slice(0, keptRecords);
}
