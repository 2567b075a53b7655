import { isSignedBy } from '../engine/audit/note.ts';
import { genesis } from '../engine/audit/chain.ts';
import type { EntryProof } from '../engine/audit/search.ts';
import { CompactRange } from '../engine/audit/tree.ts';
import { checkpointsAround, leafOf, type StoredCheckpoint } from './audit-checkpoints.ts';
import { columns } from './audit-rows.ts';
import { LogKeys } from './audit-verify-keys.ts';
import { checkRow, type Fault, fault } from './audit-verify-row.ts';
import type { Database } from './database.ts';

/**
 * Whether an entry is what was signed: its text gives its hash, and its leaf, with those beside it and with the subtrees that the
 * checkpoint before kept, gives the root that the first checkpoint over it was signed with. Whatever is not as it was signed leads to
 * another root. The rest of the log is not looked at: that is what verifying it is for.
 */
export function entryProof(database: Database, seq: number): EntryProof {
  try {
    return proofOf(database, seq);
  } catch (cause) {
    return broken(fault(seq, cause instanceof Error ? cause.message : String(cause)));
  }
}

function proofOf(database: Database, seq: number): EntryProof {
  const wrong = wrongRow(database, seq);
  if (wrong !== undefined) return broken(wrong);
  const { covering, before } = checkpointsAround(database, seq);
  if (covering === undefined)
    return { state: 'pending', message: 'It follows from the entry before it. The next checkpoint will sign it.' };
  const { size } = covering.checkpoint;
  const checkpoint = { size, time: covering.time };
  const unsigned = wrongSignature(database, covering) ?? wrongRoot(database, covering, before);
  if (unsigned !== undefined) return { ...broken(unsigned), checkpoint };
  const when = new Date(covering.time).toISOString();
  return { state: 'signed', message: `It is as it was signed: the checkpoint over ${size} entries of ${when} covers it.`, checkpoint };
}

function broken({ why }: Fault): EntryProof {
  return { state: 'broken', message: `It does not hold: ${why}. Run: countersign audit verify` };
}

/** Its text, hash and columns, and that it follows from the entry before. */
function wrongRow(database: Database, seq: number): Fault | undefined {
  const previous = database.prepare('SELECT hash FROM entries WHERE seq = ?').pluck();
  const head = seq === 1 ? genesis : String(previous.get(seq - 1));
  const read = checkRow(database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw().get(seq), seq, head);
  return 'ok' in read ? read : undefined;
}

function wrongSignature(database: Database, { checkpoint }: StoredCheckpoint): Fault | undefined {
  const keys = new LogKeys();
  const rows = database.prepare("SELECT seq, json FROM entries WHERE kind = 'key' AND seq <= ? ORDER BY seq").raw().all(checkpoint.size);
  for (const row of rows) {
    const [at, json]: readonly unknown[] = Array.isArray(row) ? row : [];
    const wrong = keys.read(Number(at), JSON.parse(String(json)));
    if (wrong !== undefined) return wrong;
  }
  const key = keys.current;
  const isSigned = key !== undefined && checkpoint.origin === key.name && isSignedBy(checkpoint.note, key);
  return isSigned ? undefined : fault(checkpoint.size, `the checkpoint of size ${checkpoint.size} is not signed by the log's key`);
}

function wrongRoot(database: Database, { checkpoint }: StoredCheckpoint, before: StoredCheckpoint | undefined): Fault | undefined {
  const first = before?.checkpoint.size ?? 0;
  const range = new CompactRange(first, before?.nodes);
  const texts = database.prepare('SELECT json FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq').pluck();
  for (const json of texts.iterate(first, checkpoint.size)) range.push(leafOf(String(json)).leaf);
  if (range.size === checkpoint.size && range.root().toString('base64') === checkpoint.root) return undefined;
  const which = `an entry from ${first + 1} to ${checkpoint.size} was changed, put in or left out`;
  return fault(first + 1, `${which}: the checkpoint of size ${checkpoint.size} was signed with another root`);
}
