import { PlainResponse } from './plain-response.ts';
import type { Fields } from './usage-fields.ts';

const contentStart = '"content":[';
const contentEnd = '],"stop_reason":';
const idStart = '"id":"msg_';
const usageEnd = ',"type":"assistant"';
const blockStart = ',"apiBlockIndex":';
/** What comes before the content, and after it, is shorter; what is not is read in full. */
const longestHead = 600;
const longestTail = 2_400;
/** From one line to the next it grows by less. */
const growth = 40;

/** Looks at a response's line as it lies in the file: most of the file is never made a text. */
export class Glance {
  readonly #plain = new PlainResponse();
  readonly #scratch = Buffer.allocUnsafe(longestHead + longestTail);
  /** Of which response the last line told, and what that used, as it was written there; and how long what came before and after was. */
  readonly #kept = Buffer.allocUnsafe(longestHead + longestTail);
  #idLength = 0;
  #usageLength = 0;
  #idAt = 0;
  #head = 0;
  #tail = 0;

  /**
   * What the line from `start` to `end` says, or `repeated`: each block of a response has a line, and most of them say nothing new of
   * the usage. `undefined`: it has to be read in full.
   */
  read(bytes: Buffer, start: number, end: number): Fields | 'repeated' | undefined {
    if (this.#isRepeated(bytes, start, end)) return 'repeated';
    const head = headOf(bytes, start, end, this.#head + growth) ?? headOf(bytes, start, end, longestHead);
    if (head === undefined) return undefined;
    const from = start + head.length;
    const tail = tailOf(bytes, from - 1, end, this.#tail + growth) ?? tailOf(bytes, from - 1, end, longestTail);
    if (tail === undefined) return undefined;
    this.#keep(bytes, start, end, head, tail);
    return this.#plain.read(this.#joined(bytes, start, head.length, end - tail.length, end));
  }

  #isRepeated(bytes: Buffer, start: number, end: number): boolean {
    const id = start + this.#idAt;
    const used = end - this.#tail;
    if (this.#usageLength === 0 || used < id + this.#idLength || !isSame(bytes, id, this.#kept, this.#idLength)) return false;
    return bytes.compare(this.#kept, this.#idLength, this.#idLength + this.#usageLength, used, used + this.#usageLength) === 0;
  }

  #keep(bytes: Buffer, start: number, end: number, head: string, tail: string): void {
    const id = head.indexOf(idStart);
    const idEnd = head.indexOf('"', id + idStart.length) + 1;
    const type = tail.indexOf(usageEnd);
    const block = tail.indexOf(blockStart);
    this.#head = head.length;
    this.#tail = tail.length;
    this.#usageLength = 0;
    if (id < 0 || idEnd === 0 || type < 0) return;
    this.#idAt = id;
    this.#idLength = idEnd - id;
    this.#usageLength = block >= 0 && block < type ? block : type;
    bytes.copy(this.#kept, 0, start + id, start + idEnd);
    bytes.copy(this.#kept, this.#idLength, end - tail.length, end - tail.length + this.#usageLength);
  }

  /** The line without its content. Put together as bytes: a text of two texts is slow to look into. */
  #joined(bytes: Buffer, start: number, length: number, rest: number, end: number): string {
    bytes.copy(this.#scratch, 0, start, start + length);
    bytes.copy(this.#scratch, length, rest, end);
    return this.#scratch.toString('utf8', 0, length + end - rest);
  }
}

/** Up to the message's content, a character for each byte: the first that is called so is its own. */
function headOf(bytes: Buffer, start: number, end: number, most: number): string | undefined {
  const near = bytes.toString('latin1', start, Math.min(end, start + Math.min(most, longestHead)));
  const at = near.indexOf(contentStart);
  return at < 0 ? undefined : near.slice(0, at + contentStart.length);
}

/** From the end of the content: the last that ends so, whatever the text in it says. Within a text quotes are escaped. */
function tailOf(bytes: Buffer, from: number, end: number, most: number): string | undefined {
  const near = bytes.toString('latin1', Math.max(from, end - Math.min(most, longestTail)), end);
  const at = near.lastIndexOf(contentEnd);
  return at < 0 ? undefined : near.slice(at);
}

function isSame(bytes: Buffer, at: number, other: Buffer, length: number): boolean {
  for (let n = 0; n < length; n += 1) if (bytes[at + n] !== other[n]) return false;
  return true;
}
