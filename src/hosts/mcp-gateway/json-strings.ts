const quote = 0x22;
const backslash = 0x5c;

/** Shorter ones are passed over as quickly as they are looked up. */
const long = 4_096;

const ends = new WeakMap<Buffer, ReadonlyMap<number, number>>();

/** The long strings of a line, looked for in each part as it comes: whoever reads the whole line then steps over them, however often. */
export class LongStrings {
  readonly #ends = new Map<number, number>();
  /** Of the line, before the part that is looked at. */
  #before = 0;
  /** Where the string begins that has not ended. */
  #start: number | undefined;
  /** How much of the next part belongs to an escape. */
  #escaped = 0;

  push(part: Buffer): void {
    let at = this.#escaped;
    this.#escaped = 0;
    while (at < part.length) at = this.#start === undefined ? this.#enter(part, at) : this.#leave(part, at, this.#start);
    this.#before += part.length;
  }

  /** `line`: all that was pushed. */
  keepFor(line: Buffer): void {
    if (this.#ends.size > 0) ends.set(line, this.#ends);
  }

  #enter(part: Buffer, from: number): number {
    const at = part.indexOf(quote, from);
    if (at === -1) return part.length;
    this.#start = this.#before + at;
    return at + 1;
  }

  #leave(part: Buffer, from: number, start: number): number {
    const at = closingQuote(part, from);
    if (at >= part.length) {
      this.#escaped = at - part.length;
      return part.length;
    }
    this.#start = undefined;
    const end = this.#before + at + 1;
    if (end - start >= long) this.#ends.set(start, end);
    return at + 1;
  }
}

/**
 * Where the string ends that begins at `start`, if that is known already. What comes before a string does not change where it ends, so
 * it is right also where a line is no JSON.
 */
export function knownEnd(line: Buffer, start: number): number | undefined {
  return line.length < long ? undefined : ends.get(line)?.get(start);
}

/** Most strings are short; in a long one the search for its end is the platform's. */
const short = 48;

/** Of the string that `from` lies in. Where it does not end, the length of the bytes; one more where the next byte would be escaped. */
export function closingQuote(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const near = Math.min(at + short, bytes.length);
    while (at < near && bytes[at] !== quote && bytes[at] !== backslash) at += 1;
    if (at >= bytes.length || bytes[at] === quote) return at;
    at = bytes[at] === backslash ? at + 2 : nextSpecial(bytes, at);
  }
}

/** The next quote, or the run of backslashes that stands before it. */
function nextSpecial(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(quote, from);
  let start = found === -1 ? bytes.length : found;
  while (start > from && bytes[start - 1] === backslash) start -= 1;
  return start;
}
