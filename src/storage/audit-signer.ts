import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod/mini';
import { genesis, hashOf } from '../engine/audit/chain.ts';
import { signCheckpoint, type Checkpoint } from '../engine/audit/checkpoint.ts';
import { signKeyChange } from '../engine/audit/key-change.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import { isSignedBy, readVerifierKey, type SigningKey } from '../engine/audit/note.ts';
import { CompactRange, leafHash } from '../engine/audit/tree.ts';
import { lastCheckpoint, saveCheckpoint } from './audit-checkpoints.ts';
import { createKey, keyInPlace, nextKeyFile, publishKey, readKey } from './audit-key.ts';
import { type Database, openDatabase, patientlyIn } from './database.ts';

export interface SignerOptions {
  /** The log's file, and the file of its key. */
  readonly path: string;
  readonly keyFile: string;
  readonly append: (entry: AuditEntry, durability: 'written' | 'synced') => Promise<AuditRecord>;
  readonly now: () => number;
}

const entryRow = z.tuple([z.number(), z.string(), z.string(), z.string()]);
const keyEntry = z.looseObject({ detail: z.looseObject({ key: z.string() }) });

/** So many entries are hashed at once; in between, calls are answered. */
const slice = 200;

/**
 * Signs the log as it is now. Any process may: where it goes on from is in the log, and of two that sign at once the larger one is kept.
 * It signs nothing that does not follow from what was signed before.
 */
export class LogSigner {
  readonly #options: SignerOptions;
  readonly #database: Database;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#database = openDatabase(options.path, { timeoutMs: 0 });
  }

  /** The newest checkpoint; the one from before where nothing has happened since but signing. `undefined` for an empty log. */
  sign(): Promise<Checkpoint | undefined> {
    return this.#inTurn(async () => this.#sign());
  }

  /**
   * Hands over to a new key by an entry that both sign. `lost`: the old one is gone, so only the new one says so; whoever
   * verifies then has to be told both.
   */
  rotate(lost = false): Promise<SigningKey> {
    return this.#inTurn(async () => this.#rotate(lost));
  }

  /** The key that signs now; made where there is none yet. */
  key(): Promise<SigningKey> {
    return this.#inTurn(async () => {
      await this.#introduceKey();
      return this.#keyAt(Number.MAX_SAFE_INTEGER);
    });
  }

  /** Rejects where the key is not one to sign with: that of another log, or open to others. */
  check(): Promise<void> {
    return this.#inTurn(async () => {
      const isNamed = (await patientlyIn(() => this.#keyTextAt(Number.MAX_SAFE_INTEGER))) !== undefined;
      if (isNamed) this.#keyAt(Number.MAX_SAFE_INTEGER);
      else readKey(this.#options.keyFile);
    });
  }

  async close(): Promise<void> {
    await this.#running;
    this.#database.close();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#running.then(run);
    this.#running = result.catch(() => undefined);
    return result;
  }

  async #sign(): Promise<Checkpoint | undefined> {
    const last = await patientlyIn(() => lastCheckpoint(this.#database));
    if (!(await patientlyIn(() => this.#hasNews(last?.checkpoint.size ?? 0)))) return last?.checkpoint;
    await this.#introduceKey();
    const range = new CompactRange(last?.checkpoint.size, last?.nodes);
    if (last !== undefined) this.#assertOurs(last.checkpoint, range);
    await this.#advance(range);
    const key = this.#keyAt(range.size);
    const checkpoint = signCheckpoint(range.size, range.root(), key);
    const isKept = await patientlyIn(() => saveCheckpoint(this.#database, { checkpoint, nodes: range.nodes }, this.#options.now()));
    if (!isKept) return lastCheckpoint(this.#database)?.checkpoint;
    // With the note: whoever is sent the log has an anchor in it.
    const reason = `The log was signed with ${range.size} entries.`;
    await this.#append('checkpoint', reason, { size: range.size, root: checkpoint.root, key: key.verifier.id, note: checkpoint.note.note });
    return checkpoint;
  }

  #hasNews(size: number): boolean {
    return this.#database.prepare("SELECT 1 FROM entries WHERE seq > ? AND kind <> 'checkpoint' LIMIT 1").get(size) !== undefined;
  }

  /** What is kept beside a checkpoint is only gone on from when it has the root that was signed. */
  #assertOurs(checkpoint: Checkpoint, range: CompactRange): void {
    const text = this.#keyTextAt(checkpoint.size);
    const isSigned = text !== undefined && isSignedBy(checkpoint.note, readVerifierKey(text));
    const holds = isSigned && range.root().toString('base64') === checkpoint.root;
    if (!holds)
      throw new Error(`The checkpoint of size ${checkpoint.size} was changed, so the log is not signed. Run: countersign audit verify`);
  }

  async #advance(range: CompactRange): Promise<void> {
    const last = this.#database.prepare('SELECT hash FROM entries WHERE seq = ?').pluck().get(range.size);
    let head = typeof last === 'string' ? last : genesis;
    const page = this.#database.prepare('SELECT seq, json, previous, hash FROM entries WHERE seq > ? ORDER BY seq LIMIT ?').raw();
    for (;;) {
      const rows = await patientlyIn(() => page.all(range.size, slice));
      for (const row of rows) head = pushRow(range, row, head);
      if (rows.length < slice) return;
      await turn();
    }
  }

  async #introduceKey(): Promise<void> {
    if (this.#keyTextAt(Number.MAX_SAFE_INTEGER) !== undefined) return;
    const { keyFile } = this.#options;
    const key = readKey(keyFile) ?? createKey(keyFile);
    publishKey(keyFile, key);
    await this.#append('key', `The key ${key.verifier.id} signs this log.`, { event: 'created', key: key.verifier.text });
  }

  async #rotate(lost: boolean): Promise<SigningKey> {
    const { keyFile } = this.#options;
    await this.#introduceKey();
    const from = lost ? undefined : this.#keyAt(Number.MAX_SAFE_INTEGER);
    const name = (this.#keyTextAt(Number.MAX_SAFE_INTEGER) ?? '').split('+')[0];
    const key = createKey(nextKeyFile(keyFile), name);
    const { text, id } = key.verifier;
    if (from === undefined)
      await this.#append('key', `The key ${id} signs this log from now on; the one before was lost.`, { event: 'replaced', key: text });
    else
      await this.#append('key', `The key ${id} signs this log from now on.`, {
        event: 'rotated',
        key: text,
        note: signKeyChange(from, key),
      });
    publishKey(keyFile, key);
    return keyInPlace(keyFile, text) ?? key;
  }

  /** The key that is in force for a checkpoint of that size. Throws where it is not ours to sign with. */
  #keyAt(size: number): SigningKey {
    const { keyFile } = this.#options;
    const text = this.#keyTextAt(size);
    const key = text === undefined ? undefined : keyInPlace(keyFile, text);
    if (key !== undefined) return key;
    throw new Error(
      `${keyFile} is not the key that this log names (${text?.split('+')[1] ?? 'none'}), so it is not signed. Restore the file from a backup, or run: countersign audit rotate-key --lost`,
    );
  }

  #keyTextAt(size: number): string | undefined {
    const json = this.#database
      .prepare("SELECT json FROM entries WHERE kind = 'key' AND seq <= ? ORDER BY seq DESC LIMIT 1")
      .pluck()
      .get(size);
    return typeof json === 'string' ? z.parse(keyEntry, JSON.parse(json)).detail.key : undefined;
  }

  async #append(kind: 'checkpoint' | 'key', reason: string, detail: NonNullable<AuditEntry['detail']>): Promise<void> {
    await this.#options.append({ kind, time: this.#options.now(), reason, detail }, kind === 'key' ? 'synced' : 'written');
  }
}

/** The hash of the entry that was put into the tree. */
function pushRow(range: CompactRange, row: unknown, head: string): string {
  const [seq, json, previous, hash] = z.parse(entryRow, row);
  const holds = seq === range.size + 1 && previous === head && hashOf(previous, json) === hash;
  if (!holds)
    throw new Error(
      `Entry ${range.size + 1} does not follow from the one before it, so the log is not signed. Run: countersign audit verify`,
    );
  range.push(leafHash(json));
  return hash;
}
