import { statSync } from 'node:fs';
import type { Files } from './files.ts';
import type { RecordFile } from './record-places.ts';

/** A record that is not read, or not read to its end. */
export interface Waiting {
  readonly record: RecordFile;
  readonly mtime: number;
  readonly size: number;
}

/** A file that grew this recently may grow again at any moment. */
export const activeMs = 2 * 60_000;

/** Which records there are, and which of them are still to be read: the newest first. */
export class Backlog {
  readonly #files: Files;
  /** The records of a session, as far as they are known. */
  readonly #bySession = new Map<string, Map<string, RecordFile>>();
  /** Oldest first: the newest are taken from the end. */
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #doneBytes = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  /** Looks which of these are new or have changed. */
  scan(records: readonly RecordFile[]): void {
    const waiting = records.flatMap((record) => this.#changes(record));
    this.#queue = waiting.sort((a, b) => a.mtime - b.mtime);
    this.#doneBytes = 0;
    this.#queuedBytes = waiting.reduce((sum, { record, size }) => sum + size - this.#offset(record), 0);
  }

  /** The newest that waits, unless it is from before `since`. */
  next(since: number): RecordFile | undefined {
    const next = this.#queue.at(-1);
    return next !== undefined && next.mtime >= since ? next.record : undefined;
  }

  /** Reads on in what `next` gave; `read` answers whether that was its end. */
  work(record: RecordFile, read: () => boolean): void {
    const before = this.#offset(record);
    const isRead = read();
    this.#doneBytes += Math.max(0, this.#offset(record) - before);
    if (isRead) this.#queue.pop();
  }

  /** How far the reading is; `undefined`: nothing waits. */
  progress(): { readonly doneBytes: number; readonly totalBytes: number } | undefined {
    return this.#queue.length === 0 ? undefined : { doneBytes: this.#doneBytes, totalBytes: this.#queuedBytes };
  }

  /** The records that are known of a session. */
  of(session: string): readonly RecordFile[] {
    return [...(this.#bySession.get(session)?.values() ?? [])];
  }

  know(session: string, record: RecordFile): void {
    const known = this.#bySession.get(session) ?? new Map<string, RecordFile>();
    this.#bySession.set(session, known.set(record.path, record));
  }

  #changes(record: RecordFile): readonly Waiting[] {
    if (record.session !== '') this.know(record.session, record);
    const found = statSync(record.path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    const known = this.#files.get(record.path);
    const mtime = Math.trunc(found.mtimeMs);
    if (known !== undefined && known.ino === found.ino && known.size === found.size && known.mtime === mtime) return [];
    return [{ record, mtime, size: found.size }];
  }

  #offset(record: RecordFile): number {
    return this.#files.get(record.path)?.offset ?? 0;
  }
}
