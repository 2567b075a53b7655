import { LongStrings } from './json-strings.ts';

/** A line that was too long to be kept: how it begins and ends. */
export interface Overlong {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly length: number;
}

/** More than any client takes; a line beyond it is not kept. */
export const longestLine = 64 * 1024 * 1024;
const kept = 4_096;
const newline = 0x0a;

/** Cuts a stream of bytes into lines, each with the newline that ends it. Never holds more than the limit. */
export class FrameLines {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;
  #head: Buffer | undefined;
  #strings = new LongStrings();

  constructor(longest: number = longestLine) {
    this.#longest = longest;
  }

  /** The lines that these bytes complete. */
  push(bytes: Buffer): readonly (Buffer | Overlong)[] {
    const lines: (Buffer | Overlong)[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      this.#keep(bytes.subarray(from, end + 1));
      lines.push(this.#take());
      from = end + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
    return lines;
  }

  /** Bytes of the line that has not ended. */
  get pending(): number {
    return this.#length;
  }

  /** What came after the last newline; `undefined`: nothing. */
  rest(): Buffer | Overlong | undefined {
    return this.#length === 0 ? undefined : this.#take();
  }

  #keep(part: Buffer): void {
    // While the rest is still on its way there is time; what comes in one piece is looked at by its reader.
    if (this.#head === undefined && (this.#length > 0 || part.at(-1) !== newline)) this.#strings.push(part);
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= this.#longest) return;
    const all = this.#parts.length === 1 ? part : Buffer.concat(this.#parts);
    this.#head ??= Buffer.from(all.subarray(0, kept));
    this.#parts = [Buffer.from(all.subarray(-kept))];
  }

  #take(): Buffer | Overlong {
    const [first, ...more] = this.#parts;
    const bytes = first !== undefined && more.length === 0 ? first : Buffer.concat(this.#parts);
    if (this.#head === undefined) this.#strings.keepFor(bytes);
    const line = this.#head === undefined ? bytes : { head: this.#head, tail: bytes, length: this.#length };
    this.#parts = [];
    this.#length = 0;
    this.#head = undefined;
    this.#strings = new LongStrings();
    return line;
  }
}
