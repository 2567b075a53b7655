import type { Push, Snapshot } from '../../channel/messages.ts';

/** Older records are fetched again from the governor when someone scrolls to them. */
const keptRecords = 500;

/** The snapshot after a push. What searches find is not part of it, nor what models are asked. */
export function applyPush(snapshot: Snapshot, push: Push): Snapshot {
  if (push.push === 'search' || push.push === 'review') return snapshot;
  if (push.push === 'activity') return { ...snapshot, activity: newerFirst(push.records, snapshot.activity) };
  const { push: _kind, ...changed } = push;
  return { ...snapshot, ...changed };
}

function newerFirst(records: Snapshot['activity'], known: Snapshot['activity']): Snapshot['activity'] {
  const newest = known[0]?.seq ?? 0;
  return [...records.filter((record) => record.seq > newest), ...known].slice(0, keptRecords);
}
