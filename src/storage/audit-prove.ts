import * as z from 'zod/mini';
import { readCheckpoint } from '../engine/audit/checkpoint.ts';
import { consistencyPath, inclusionPath } from '../engine/audit/proof.ts';
import type { TreeHash } from '../engine/audit/tree.ts';
import { isEmptied, leavesOf } from './audit-checkpoints.ts';
import { type Database, openDatabase } from './database.ts';

interface Proven {
  readonly format: 'countersign-proof/v1';
  /** The keys that signed, as the log names them. Whoever checks compares them with what they know from elsewhere. */
  readonly keys: readonly string[];
  /** Base64. */
  readonly path: readonly string[];
}

/** That an entry is in the log: it can be checked without the rest of it. */
interface InclusionProof extends Proven {
  readonly kind: 'inclusion';
  readonly seq: number;
  /** The text that was hashed. */
  readonly entry: string;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly checkpoint: string;
}

/** That the log of one checkpoint is the beginning of that of another. */
interface ConsistencyProof extends Proven {
  readonly kind: 'consistency';
  readonly from: string;
  readonly to: string;
}

export type LogProof = InclusionProof | ConsistencyProof;

/** `undefined` where the log has the entry, but no checkpoint covers it yet. Throws, saying why, where there is nothing to prove. */
export function proveEntry(path: string, seq: number): InclusionProof | undefined {
  return reading(path, (database) => {
    const entry = database.prepare('SELECT json FROM entries WHERE seq = ?').pluck().get(seq);
    if (typeof entry !== 'string') throw new Error(`There is no entry ${seq}.`);
    if (isEmptied(entry))
      throw new Error(`The contents of entry ${seq} were removed, so there is nothing left to prove. See: countersign audit show ${seq}`);
    const [checkpoint] = notesFrom(database, 'WHERE size >= ?', seq);
    if (checkpoint === undefined) return undefined;
    const { size } = readCheckpoint(checkpoint);
    const proof = { entry, seq, leafIndex: seq - 1, treeSize: size, checkpoint };
    return {
      format,
      kind: 'inclusion',
      ...proof,
      path: base64(inclusionPath(leavesOf(database, size), seq - 1)),
      keys: keysOf(database, [size]),
    };
  });
}

/** Both sizes must be those of checkpoints; throws, naming them, where one is not. */
export function proveConsistency(path: string, from: number, to: number): ConsistencyProof {
  if (from > to) throw new Error(`A log of ${from} entries cannot be the beginning of one of ${to}.`);
  return reading(path, (database) => {
    const [first, second] = [from, to].map((size) => noteOf(database, size));
    const hashes = consistencyPath(leavesOf(database, to), from);
    return { format, kind: 'consistency', from: first ?? '', to: second ?? '', path: base64(hashes), keys: keysOf(database, [from, to]) };
  });
}

const format = 'countersign-proof/v1';

function reading<T>(path: string, read: (database: Database) => T): T {
  const database = openDatabase(path, { readonly: true });
  try {
    return database.transaction(() => read(database))();
  } finally {
    database.close();
  }
}

function noteOf(database: Database, size: number): string {
  const [note] = notesFrom(database, 'WHERE size = ?', size);
  if (note !== undefined) return note;
  const sizes = database.prepare('SELECT size FROM checkpoints ORDER BY size').pluck().all();
  throw new Error(`There is no checkpoint of size ${size}. There are: ${sizes.slice(-20).join(', ') || 'none'}.`);
}

function notesFrom(database: Database, where: string, size: number): readonly string[] {
  const notes = database.prepare(`SELECT note FROM checkpoints ${where} ORDER BY size LIMIT 1`).pluck().all(size);
  return z.parse(z.array(z.string()), notes);
}

const keyText = z.looseObject({ detail: z.looseObject({ key: z.string() }) });

/** Those that were in force at these sizes. */
function keysOf(database: Database, sizes: readonly number[]): readonly string[] {
  const last = database.prepare("SELECT json FROM entries WHERE kind = 'key' AND seq <= ? ORDER BY seq DESC LIMIT 1").pluck();
  const texts = sizes.map((size) => last.get(size)).filter((json) => typeof json === 'string');
  return [...new Set(texts.map((json) => z.parse(keyText, JSON.parse(json)).detail.key))];
}

function base64(path: readonly TreeHash[]): readonly string[] {
  return path.map((hash) => hash.toString('base64'));
}
