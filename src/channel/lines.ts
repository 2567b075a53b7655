/** Longer than the longest hook message (32 MiB) with what is around it. */
export const longestLine = 33 * 1024 * 1024;

/** Cuts a stream of bytes into lines. Throws on a line beyond the limit, before it is complete. */
export class LineReader {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(longest: number = longestLine) {
    this.#longest = longest;
  }

  /** The lines that these bytes complete. */
  push(bytes: Buffer): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
      this.#keep(bytes.subarray(from, end));
      lines.push(Buffer.concat(this.#parts).toString('utf8'));
      this.#parts = [];
      this.#length = 0;
      from = end + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#longest) throw new Error('A line is too long');
    this.#parts.push(part);
  }
}
