import * as z from 'zod/mini';
import { checkpointOf, type Checkpoint } from '../engine/audit/checkpoint.ts';
import { type Note, isSignedBy, readNotes } from '../engine/audit/note.ts';
import { notesReceived } from '../engine/audit/received-notes.ts';
import { CompactRange } from '../engine/audit/tree.ts';
import type { StoredCheckpoint } from './audit-checkpoints.ts';
import type { LogKeys } from './audit-verify-keys.ts';
import { type Fault, fault, type ReadRow } from './audit-verify-row.ts';

/** A checkpoint that the log must fulfil when it has reached its size. */
export interface Seen {
  /** Where it comes from, as a sentence names it. */
  readonly source: string;
  readonly checkpoint: Checkpoint;
  /** The place may hold checkpoints of other logs, too. */
  readonly isShared?: boolean;
}
interface Due extends Seen {
  readonly nodes?: string;
}

export interface AnchorText {
  readonly name: string;
  readonly text: string;
}

const signedEntry = z.looseObject({ detail: z.looseObject({ size: z.number(), root: z.string() }) });

/** Grows the tree entry by entry and holds it against everything that was ever signed about it. */
export class TreeCheck {
  readonly #range = new CompactRange();
  readonly #due = new Map<number, Due[]>();
  readonly #stored: ReadonlyMap<number, string>;
  readonly #keys: LogKeys;
  /** Places with checkpoints of many logs in which none of this one was found yet. */
  readonly #strangers = new Set<string>();
  /** Up to here a root was signed, and holds. */
  #holds = 0;
  #root = '';

  constructor(stored: readonly StoredCheckpoint[], seen: readonly Seen[], keys: LogKeys) {
    this.#keys = keys;
    this.#stored = new Map(stored.map(({ checkpoint }) => [checkpoint.size, checkpoint.root]));
    for (const { checkpoint, nodes } of stored) this.#expect({ source: 'the checkpoint', checkpoint, nodes: textOf(nodes) });
    for (const one of seen) this.#expect(one);
  }

  /** Size and root of the last checkpoint that holds. */
  get signed(): { readonly size: number; readonly root: string } {
    return { size: this.#holds, root: this.#root };
  }

  push({ seq, kind, leaf, entry }: ReadRow): Fault | undefined {
    this.#range.push(leaf);
    return (kind === 'checkpoint' ? this.#missing(seq, entry) : undefined) ?? this.#atSize();
  }

  /** When all entries were read: what was signed of entries that are not there. */
  beyond(): Fault | undefined {
    const { size } = this.#range;
    const [next] = [...this.#due.values()]
      .flat()
      .filter((due) => !this.#isForeign(due))
      .toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
    if (next === undefined) return undefined;
    const why = `the log ends before record ${size + 1}: ${next.source} was signed when it had ${next.checkpoint.size}`;
    return fault(size + 1, why, `${next.checkpoint.size} entries`, `${size} entries`);
  }

  /** Of places that hold checkpoints of many logs: the first one that has none of this one. */
  unknown(): Fault | undefined {
    const [source] = this.#strangers;
    const origin = this.#keys.current?.name;
    return source === undefined ? undefined : fault(0, `${source.replace(/^the/, 'no')} is one of this log`, origin, 'other logs');
  }

  /** Known only when the log has named its key. */
  #isForeign({ isShared, source, checkpoint }: Due): boolean {
    const isForeign = isShared === true && checkpoint.origin !== this.#keys.current?.name;
    if (isShared === true && !isForeign) this.#strangers.delete(source);
    return isForeign;
  }

  #expect(due: Due): void {
    const { size } = due.checkpoint;
    if (due.isShared === true) this.#strangers.add(due.source);
    // The tree of nothing has the same root everywhere: it says nothing about a log.
    if (size > 0) this.#due.set(size, [...(this.#due.get(size) ?? []), due]);
  }

  #atSize(): Fault | undefined {
    const { size } = this.#range;
    const due = this.#due.get(size)?.filter((one) => !this.#isForeign(one)) ?? [];
    this.#due.delete(size);
    if (due.length === 0) return undefined;
    const root = this.#range.root().toString('base64');
    for (const one of due) {
      const wrong = this.#wrong(one, root);
      if (wrong !== undefined) return wrong;
    }
    [this.#holds, this.#root] = [size, root];
    return undefined;
  }

  #wrong({ source, checkpoint, nodes }: Due, root: string): Fault | undefined {
    const { size, origin, note } = checkpoint;
    const key = this.#keys.current;
    if (key === undefined || origin !== key.name) return fault(size, `${source} of size ${size} is one of another log`, key?.name, origin);
    if (!isSignedBy(note, key)) {
      const found = note.signatures.map(({ id }) => id).join(' ');
      return fault(size, `${source} of size ${size} is not signed by the key that was in force`, key.id, found);
    }
    if (checkpoint.root !== root) {
      const first = this.#holds + 1;
      const which = first === size ? `record ${size} was changed` : `a record from ${first} to ${size} was changed, put in or left out`;
      return fault(first, `${which}: ${source} of size ${size} was signed with another root`, checkpoint.root, root);
    }
    if (nodes === undefined || nodes === textOf(this.#range.nodes)) return undefined;
    return fault(size, `what is kept beside ${source} of size ${size} was changed`, textOf(this.#range.nodes), nodes);
  }

  /** An entry that tells of a checkpoint which is not there any more. */
  #missing(seq: number, entry: unknown): Fault | undefined {
    const { success, data } = z.safeParse(signedEntry, entry);
    if (!success) return fault(seq, `record ${seq} tells of a checkpoint in a way that this version does not understand`);
    const { size, root } = data.detail;
    const found = this.#stored.get(size);
    if (found === root) return undefined;
    return fault(seq, `record ${seq} tells of a checkpoint of size ${size} that is not there as it was signed`, root, found ?? 'none');
  }
}

/** Checkpoints as they are, or in what a receiver of the live export has kept. Throws on a text in which there is none. */
export function readSeen({ name, text }: AnchorText): readonly Seen[] {
  const seen = (note: Note): Seen => ({ source: `the checkpoint in ${name}`, checkpoint: checkpointOf(note) });
  const notes = readNotes(text);
  if (notes.length > 0) return notes.map(seen);
  const received = notesReceived(text);
  if (received.length > 0) return received.map((note) => ({ ...seen(note), isShared: true }));
  throw new Error(`${name} holds no checkpoint: a signed note as "countersign audit checkpoint" prints it is needed`);
}

function textOf(nodes: StoredCheckpoint['nodes']): string {
  return Buffer.concat(nodes).toString('base64');
}
