import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Followable } from './followed-file.ts';

/** One that is larger is nothing that a person's session fills. */
const largest = 256 * 1024 * 1024;

/** A document that somebody writes anew with each change. Reads all of it, and tells what was not told before. */
export class RewrittenFile implements Followable {
  readonly path: string;
  readonly #pieces: (text: string) => readonly string[];
  #stamp = '';
  #offset: number;
  #begun = 0;
  #changed = 0;
  readonly #told = new Set<string>();

  constructor(path: string, offset: number, pieces: (text: string) => readonly string[]) {
    this.path = path;
    this.#offset = offset;
    this.#pieces = pieces;
  }

  /** How large it was when it was read: one that still is says nothing new. */
  get offset(): number {
    return this.#offset;
  }

  /** When its folder began: the file may be another one with each change. */
  get begun(): number {
    return this.#begun;
  }

  get changed(): number {
    return this.#changed;
  }

  head(): Promise<string> {
    return Promise.resolve('');
  }

  async read(marks: readonly string[], tell: (piece: string) => void): Promise<boolean> {
    const found = await stat(this.path).catch(() => undefined);
    const folder = await stat(dirname(this.path)).catch(() => undefined);
    if (found === undefined || folder === undefined || found.size > largest) return false;
    const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (stamp === this.#stamp) return false;
    this.#begun = folder.birthtimeMs;
    this.#changed = found.mtimeMs;
    for (const piece of this.#pieces(await readFile(this.path, 'utf8'))) this.#heed(piece, marks, tell);
    this.#stamp = stamp;
    this.#offset = found.size;
    return true;
  }

  #heed(piece: string, marks: readonly string[], tell: (piece: string) => void): void {
    if (!marks.some((mark) => piece.includes(mark))) return;
    const digest = hash('sha1', piece, 'base64');
    if (this.#told.has(digest)) return;
    this.#told.add(digest);
    tell(piece);
  }
}
