import { PlainResponse } from './plain-response.ts';
import type { Fields } from './usage-fields.ts';

const contentStart = '"content":[';
const contentStartBytes = Buffer.from(contentStart);
const contentEnd = '],"stop_reason":';
const idStart = '"id":"msg_';
const usageEnd = ',"type":"assistant"';
const blockStart = ',"apiBlockIndex":';
/** What comes before the content, and after it, is shorter. */
const usualHead = 400;
const usualTail = 1_500;
/** A response says of itself what fits here, or is read anew with each line. */
const keptBytes = 2_048;

/** Looks at a response's line as it lies in the file: most of the file is never made a text. */
export class Glance {
  readonly #plain = new PlainResponse();
  /** Of which response the last line told, and what that used, as it was written there. */
  readonly #kept = Buffer.allocUnsafe(keptBytes);
  #idLength = 0;
  #usageLength = 0;
  /** Where these were: from the line's start, and from its end. */
  #idAt = 0;
  #usageAt = 0;

  /**
   * What the line from `start` to `end` says, or `repeated`: each block of a response has a line, and most of them say nothing new of
   * the usage. `undefined`: it has to be read in full.
   */
  read(bytes: Buffer, start: number, end: number): Fields | 'repeated' | undefined {
    if (this.#isRepeated(bytes, start, end)) return 'repeated';
    const head = headOf(bytes, start, end);
    const tail = tailOf(bytes, start, end);
    if (head === undefined || tail === undefined || head.length + tail.length > end - start) return undefined;
    this.#keep(bytes, start, end, head, tail);
    return this.#plain.read(head + tail);
  }

  #isRepeated(bytes: Buffer, start: number, end: number): boolean {
    const id = start + this.#idAt;
    const used = end - this.#usageAt;
    if (this.#usageLength === 0 || used < id + this.#idLength || !isSame(bytes, id, this.#kept, this.#idLength)) return false;
    return bytes.compare(this.#kept, this.#idLength, this.#idLength + this.#usageLength, used, used + this.#usageLength) === 0;
  }

  /** Where characters are not bytes, nothing is kept. */
  #keep(bytes: Buffer, start: number, end: number, head: string, tail: string): void {
    const id = head.indexOf(idStart);
    const idEnd = head.indexOf('"', id + idStart.length) + 1;
    const type = tail.indexOf(usageEnd);
    const block = tail.indexOf(blockStart);
    const length = block >= 0 && block < type ? block : type;
    this.#usageLength = 0;
    if (id < 0 || idEnd <= 0 || length < 0 || idEnd - id + length > keptBytes) return;
    if (Buffer.byteLength(head) !== head.length || Buffer.byteLength(tail) !== tail.length) return;
    this.#idAt = id;
    this.#idLength = idEnd - id;
    this.#usageAt = tail.length;
    this.#usageLength = length;
    bytes.copy(this.#kept, 0, start + id, start + idEnd);
    bytes.copy(this.#kept, this.#idLength, end - tail.length, end - tail.length + length);
  }
}

/** Up to the message's content: the first that is called so is its own. */
function headOf(bytes: Buffer, start: number, end: number): string | undefined {
  const near = bytes.toString('utf8', start, Math.min(end, start + usualHead));
  const at = near.indexOf(contentStart);
  if (at >= 0) return near.slice(0, at + contentStart.length);
  const far = bytes.indexOf(contentStartBytes, start);
  return far < 0 || far >= end ? undefined : bytes.toString('utf8', start, far + contentStart.length);
}

/** From the end of the content: the last that ends so, whatever the text in it says. Within a text quotes are escaped. */
function tailOf(bytes: Buffer, start: number, end: number): string | undefined {
  const near = bytes.toString('utf8', Math.max(start, end - usualTail), end);
  const at = near.lastIndexOf(contentEnd);
  return at < 0 ? undefined : near.slice(at);
}

function isSame(bytes: Buffer, at: number, other: Buffer, length: number): boolean {
  for (let n = 0; n < length; n += 1) if (bytes[at + n] !== other[n]) return false;
  return true;
}
