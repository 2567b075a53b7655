import { type FileHandle, open, stat } from 'node:fs/promises';

const chunkBytes = 256 * 1024;
/** A line that is longer says nothing that could be kept in memory; the agent's largest calls have some 24 MB. */
const longestLine = 64 * 1024 * 1024;
const newline = 0x0a;

/** A file that is read whenever somebody has written to it. */
export interface Followable {
  readonly path: string;
  /** How far it was read, for whoever goes on with it. */
  readonly offset: number;
  /** When it began, in milliseconds since the epoch; 0 where the file system does not know. */
  readonly begun: number;
  /** When it was last written to, as far as we have looked. */
  readonly changed: number;
  /** Its first line; '' where that says nothing. */
  readonly head: () => Promise<string>;
  /** Tells what is new and contains one of `marks`. Resolves with whether the file has changed; one that is gone has not. */
  readonly read: (marks: readonly string[], tell: (line: string) => void) => Promise<boolean>;
}

/** A file of lines that somebody else appends to. Reads what is new, chunk by chunk; a last line without its end waits. */
export class FollowedFile implements Followable {
  readonly path: string;
  #offset: number;
  #begun = 0;
  #changed = 0;
  #isSkipping = false;
  #head = '';

  constructor(path: string, offset: number) {
    this.path = path;
    this.#offset = offset;
  }

  /** Everything before it was told. */
  get offset(): number {
    return this.#offset;
  }

  /** When the file began, in milliseconds since the epoch; 0 where the file system does not know. */
  get begun(): number {
    return this.#begun;
  }

  /** When it was last written to, as far as we have looked. */
  get changed(): number {
    return this.#changed;
  }

  /** Its first line; '' while that has no end, or is longer than a chunk. */
  async head(): Promise<string> {
    if (this.#head !== '') return this.#head;
    const file = await open(this.path, 'r').catch(() => undefined);
    if (file === undefined) return '';
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, 0);
      const end = buffer.subarray(0, bytesRead).indexOf(newline);
      this.#head = end < 0 ? '' : buffer.subarray(0, end).toString('utf8');
    } finally {
      await file.close();
    }
    return this.#head;
  }

  /** Tells every new line that contains one of `marks`. Resolves with whether the file has grown; a file that is gone has not. */
  async read(marks: readonly string[], tell: (line: string) => void): Promise<boolean> {
    const found = await stat(this.path).catch(() => undefined);
    if (found === undefined) return false;
    this.#begun = found.birthtimeMs;
    this.#changed = found.mtimeMs;
    // It was written anew: what it says now was never read.
    if (found.size < this.#offset) this.#offset = 0;
    if (found.size === this.#offset) return false;
    const before = this.#offset;
    const file = await open(this.path, 'r');
    try {
      await this.#readFrom(file, found.size, marks, tell);
    } finally {
      await file.close();
    }
    return this.#offset !== before;
  }

  async #readFrom(file: FileHandle, end: number, marks: readonly string[], tell: (line: string) => void): Promise<void> {
    let rest = Buffer.alloc(0);
    for (let at = this.#offset; at < end;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, Math.min(chunkBytes, end - at), at);
      if (bytesRead === 0) return;
      at += bytesRead;
      rest = this.#tellLines(Buffer.concat([rest, buffer.subarray(0, bytesRead)]), rest.length, marks, tell);
      if (rest.length > longestLine) {
        this.#isSkipping = true;
        this.#offset += rest.length;
        rest = Buffer.alloc(0);
      }
    }
  }

  /** Gives what comes after the last whole line. The first `known` bytes are known to hold no end of a line. */
  #tellLines(bytes: Buffer<ArrayBuffer>, known: number, marks: readonly string[], tell: (line: string) => void): Buffer<ArrayBuffer> {
    let start = 0;
    for (let end = bytes.indexOf(newline, known); end >= 0; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end);
      start = end + 1;
      this.#offset += line.length + 1;
      if (!this.#isSkipping && marks.some((mark) => line.includes(mark))) tell(line.toString('utf8'));
      this.#isSkipping = false;
    }
    return bytes.subarray(start);
  }
}
