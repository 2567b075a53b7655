import { readNote, signNote, type Note, type SigningKey } from './note.ts';
import type { TreeHash } from './tree.ts';

/** A signed statement of the log's size and root (https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log it is about. */
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly note: Note;
}

export function signCheckpoint(size: number, root: TreeHash, key: SigningKey): Checkpoint {
  const origin = key.verifier.name;
  return readCheckpoint(signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, [key]));
}

/** Throws, saying what is wrong, on a text that is none. The signatures are not checked here. */
export function readCheckpoint(note: string): Checkpoint {
  return checkpointOf(readNote(note));
}

/** Lines after the third are somebody's extensions, and are signed with the rest. */
export function checkpointOf(note: Note): Checkpoint {
  const [, origin, size, root] = /^(.+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/.exec(note.text) ?? [];
  if (origin === undefined || size === undefined || root === undefined) throw new Error('it is no checkpoint');
  return { origin, size: Number(size), root, note };
}
