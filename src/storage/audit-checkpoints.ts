import * as z from 'zod/mini';
import { readCheckpoint, type Checkpoint } from '../engine/audit/checkpoint.ts';
import { leafHash, type TreeHash } from '../engine/audit/tree.ts';
import type { Database } from './database.ts';

export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The full subtrees of the tree of that size: from here it grows on. */
  readonly nodes: readonly TreeHash[];
}

const row = z.tuple([z.number(), z.string(), z.string()]);
const datedRow = z.tuple([z.number(), z.string(), z.string(), z.number()]);

/** Smallest first. Empty in a log from before there were checkpoints. Throws on one that cannot be read. */
export function storedCheckpoints(database: Database): readonly StoredCheckpoint[] {
  return hasCheckpoints(database)
    ? database.prepare('SELECT size, note, nodes FROM checkpoints ORDER BY size').raw().all().map(stored)
    : [];
}

export function lastCheckpoint(database: Database): StoredCheckpoint | undefined {
  if (!hasCheckpoints(database)) return undefined;
  const last = database.prepare('SELECT size, note, nodes FROM checkpoints ORDER BY size DESC LIMIT 1').raw().get();
  return last === undefined ? undefined : stored(last);
}

/** The first checkpoint that covers an entry, when it was signed, and the one before it to go on from. Throws on one that cannot be read. */
export function checkpointsAround(
  database: Database,
  seq: number,
): { readonly covering?: DatedCheckpoint; readonly before?: StoredCheckpoint } {
  if (!hasCheckpoints(database)) return {};
  const select = 'SELECT size, note, nodes, time FROM checkpoints WHERE size';
  const covering = database.prepare(`${select} >= ? ORDER BY size LIMIT 1`).raw().get(seq);
  const before = database.prepare(`${select} < ? ORDER BY size DESC LIMIT 1`).raw().get(seq);
  return {
    ...(covering === undefined ? {} : { covering: dated(covering) }),
    ...(before === undefined ? {} : { before: dated(before) }),
  };
}

interface DatedCheckpoint extends StoredCheckpoint {
  readonly time: number;
}

function dated(found: unknown): DatedCheckpoint {
  const [size, note, nodes, time] = z.parse(datedRow, found);
  return { ...stored([size, note, nodes]), time };
}

/** Whether it was kept: not where one of that size or a larger one is there already. */
export function saveCheckpoint(database: Database, { checkpoint, nodes }: StoredCheckpoint, at: number): boolean {
  const insert = database.prepare(
    'INSERT INTO checkpoints (size, time, note, nodes) SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM checkpoints WHERE size >= ?)',
  );
  const text = Buffer.concat(nodes).toString('base64');
  return insert.run(checkpoint.size, Math.trunc(at), checkpoint.note.note, text, checkpoint.size).changes > 0;
}

function hasCheckpoints(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'").get() !== undefined;
}

function stored(found: unknown): StoredCheckpoint {
  const [size, note, nodes] = z.parse(row, found);
  try {
    const checkpoint = readCheckpoint(note);
    if (checkpoint.size !== size) throw new Error(`it is of size ${checkpoint.size}`);
    return { checkpoint, nodes: split(Buffer.from(nodes, 'base64')) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the checkpoint of size ${size} cannot be understood: ${why}`, { cause });
  }
}

function split(nodes: Buffer): readonly TreeHash[] {
  return Array.from({ length: nodes.length / 32 }, (_, i) => nodes.subarray(i * 32, i * 32 + 32));
}

/** What is left of an entry whose contents were removed. */
const emptied = z.looseObject({ leaf: z.string(), pruned: z.number() });

/** The leaf of a stored text, and by which entry it was emptied, if it was. */
export function leafOf(json: string): { readonly leaf: TreeHash; readonly pruned?: number } {
  if (!isEmptied(json)) return { leaf: leafHash(json) };
  const { leaf, pruned } = z.parse(emptied, JSON.parse(json));
  return { leaf: Buffer.from(leaf, 'hex'), pruned };
}

/** Asked of every entry, so nothing is parsed for it. */
export function isEmptied(json: string): boolean {
  return json.startsWith('{"kind":"') && /^\{"kind":"[a-z-]+","leaf":"[0-9a-f]{64}","pruned":\d+,/.test(json);
}

/** The leaves of the first `size` entries. Throws where one is missing. */
export function leavesOf(database: Database, size: number): readonly TreeHash[] {
  const texts = database.prepare('SELECT json FROM entries WHERE seq <= ? ORDER BY seq').pluck().all(size);
  if (texts.length !== size)
    throw new Error(`The log has only ${texts.length} of the first ${size} entries. Run: countersign audit verify`);
  return texts.map((text) => leafOf(String(text)).leaf);
}
