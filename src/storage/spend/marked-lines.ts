import { readSync } from 'node:fs';

export interface Wanted {
  /** Lines that contain one of these … */
  readonly marks: readonly Buffer[];
  /** … or begin with one of these. */
  readonly starts: readonly Buffer[];
}

/** A line lies from `start` to `end`, where its newline is. The bytes are another line's afterwards. */
export type TellLine = (bytes: Buffer, start: number, end: number) => void;

const chunkBytes = 256 * 1024;
/** A longer line says nothing that could be kept in memory. */
const longestLine = 64 * 1024 * 1024;
const newline = 0x0a;

/** Reads lines of a file that somebody else appends to. One for many files, one after the other: its memory is used again. */
export class MarkedLines {
  #buffer = Buffer.allocUnsafeSlow(chunkBytes);

  /**
   * Tells the wanted lines from `offset`, where a line begins, in one piece of the file. Returns where the next piece begins, the same
   * place where there is no whole line yet.
   */
  readPiece(file: number, offset: number, wanted: Wanted, tell: TellLine): number {
    for (let bytes = this.#buffer; ; bytes = Buffer.allocUnsafeSlow(bytes.length * 4)) {
      const found = readSync(file, bytes, 0, bytes.length, offset);
      const end = bytes.lastIndexOf(newline, found - 1);
      if (found > 0 && end >= 0) {
        tellLines(bytes.subarray(0, end + 1), wanted, tell);
        return offset + end + 1;
      }
      if (found < bytes.length) return offset;
      if (bytes.length >= longestLine) return this.#afterLine(file, offset + found);
    }
  }

  /** Behind a line that is too long; where it has no end yet, its own middle, of which no line is wanted. */
  #afterLine(file: number, from: number): number {
    for (let offset = from; ;) {
      const found = readSync(file, this.#buffer, 0, this.#buffer.length, offset);
      const end = this.#buffer.subarray(0, found).indexOf(newline);
      if (end >= 0) return offset + end + 1;
      if (found === 0) return offset;
      offset += found;
    }
  }
}

/** Every byte is looked at once for each mark, however many lines there are. */
function tellLines(bytes: Buffer, { marks, starts }: Wanted, tell: TellLine): void {
  const next = marks.map((mark) => bytes.indexOf(mark));
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newline, start);
    let isWanted = false;
    for (let n = 0; n < marks.length; n += 1) {
      const mark = marks[n];
      let at = next[n] ?? -1;
      if (mark !== undefined && at >= 0 && at < start) next[n] = at = bytes.indexOf(mark, start);
      if (at >= 0 && at < end) isWanted = true;
    }
    if (isWanted || startsWithOne(bytes, start, starts)) tell(bytes, start, end);
    start = end + 1;
  }
}

function startsWithOne(bytes: Buffer, at: number, starts: readonly Buffer[]): boolean {
  for (const start of starts) {
    let n = 0;
    while (n < start.length && bytes[at + n] === start[n]) n += 1;
    if (n === start.length) return true;
  }
  return false;
}
