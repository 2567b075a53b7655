import { canonicalJson } from '../engine/audit/canonical.ts';
import { hashOf } from '../engine/audit/chain.ts';
import type { TreeHash } from '../engine/audit/tree.ts';
import { isEmptied, leafOf } from './audit-checkpoints.ts';
import type { AuditRow } from './audit-rows.ts';

/** The first thing that does not hold. `seq` is the entry; 0 where the fault is not in an entry. */
export interface Fault {
  readonly ok: false;
  readonly seq: number;
  readonly why: string;
  readonly expected?: string;
  readonly found?: string;
}

export interface ReadRow {
  readonly seq: number;
  readonly kind: string;
  readonly hash: string;
  readonly leaf: TreeHash;
  /** The entry that says under which rule this one was emptied. */
  readonly pruned?: number;
  readonly entry: Readonly<Record<string, unknown>>;
}

export function fault(seq: number, why: string, expected?: string, found?: string): Fault {
  return { ok: false, seq, why, ...(expected === undefined ? {} : { expected }), ...(found === undefined ? {} : { found }) };
}

/** One row, if it is number `seq` after the hash `previous` and says everywhere what was hashed. */
export function checkRow(row: unknown, seq: number, previous: string): ReadRow | Fault {
  if (!isRow(row)) return fault(seq, `record ${seq} is none that this version understands`);
  const [rowSeq, , kind, , , , , json, rowPrevious, hash] = row;
  if (rowSeq !== seq) return fault(seq, `record ${seq} is missing: found ${rowSeq} in its place`, String(seq), String(rowSeq));
  const entry = parsed(json);
  if (entry === undefined) return fault(seq, `record ${seq} is none that this version understands`);
  if (rowPrevious !== previous) return fault(seq, `record ${seq} does not follow from the one before it`, previous, rowPrevious);
  const { leaf, pruned } = leafOf(json);
  if (pruned === undefined) {
    const wrong = wrongText(seq, json, entry, row);
    if (wrong !== undefined) return wrong;
  }
  const wrong = wrongColumn(seq, entry, row);
  return wrong ?? { seq, kind, hash, leaf, entry, ...(pruned === undefined ? {} : { pruned }) };
}

/** The hash of a row of number, text, previous hash and hash, if it follows. */
export function checkLink(row: unknown, seq: number, previous: string): string | Fault {
  const [rowSeq, json, rowPrevious, hash]: readonly unknown[] = Array.isArray(row) ? row : [];
  if (rowSeq !== seq || typeof json !== 'string' || typeof hash !== 'string') return fault(seq, `record ${seq} is missing`);
  if (rowPrevious !== previous) return fault(seq, `record ${seq} does not follow from the one before it`, previous, String(rowPrevious));
  const found = isEmptied(json) ? hash : hashOf(previous, json);
  return found === hash ? hash : fault(seq, `record ${seq} was changed: its hash does not match its text`, hash, found);
}

function isRow(row: unknown): row is AuditRow {
  if (!Array.isArray(row) || row.length !== 10) return false;
  const isText = (value: unknown): boolean => typeof value === 'string';
  return (
    typeof row[0] === 'number' &&
    typeof row[1] === 'number' &&
    [2, 7, 8, 9].every((i) => isText(row[i])) &&
    [3, 4, 5, 6].every((i) => row[i] === null || isText(row[i]))
  );
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(json);
    return isObject(entry) && entry['version'] === 1 && typeof entry['time'] === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongText(seq: number, json: string, entry: Readonly<Record<string, unknown>>, row: AuditRow): Fault | undefined {
  const hash = hashOf(row[8], json);
  if (hash !== row[9]) return fault(seq, `record ${seq} was changed: its hash does not match its text`, row[9], hash);
  if (entry['seq'] !== seq) return fault(seq, `record ${seq} was changed: its text is that of another`, String(seq), String(entry['seq']));
  // Two members of one name, say, would read differently elsewhere. The first comparison is fast, the second one sorts.
  const isCanonical = JSON.stringify(entry) === json || canonicalJson(entry) === json;
  return isCanonical ? undefined : fault(seq, `record ${seq} was changed: its text is not the one spelling that is hashed`);
}

const columns = [
  ['kind', 2],
  ['session', 3],
  ['agent', 4],
  ['tool', 5],
  ['action', 6],
] as const;

function wrongColumn(seq: number, entry: Readonly<Record<string, unknown>>, row: AuditRow): Fault | undefined {
  if (Math.trunc(Number(entry['time'])) !== row[1]) return columnFault(seq, 'time', entry['time'], row[1]);
  const wrong = columns.find(([name, i]) => wellFormed(entry[name]) !== row[i]);
  return wrong === undefined ? undefined : columnFault(seq, wrong[0], entry[wrong[0]], row[wrong[1]]);
}

function columnFault(seq: number, name: string, expected: unknown, found: unknown): Fault {
  const why = `record ${seq} was changed: its column "${name}" says something else than the entry`;
  return fault(seq, why, String(expected), String(found));
}

/** As `findable` stores it. */
function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : (value ?? null);
}
