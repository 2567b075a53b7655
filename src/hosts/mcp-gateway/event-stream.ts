import { FrameLines, longestLine } from './frame-lines.ts';

/** How far a stream was read, so that it can be gone on with. */
export interface StreamPlace {
  lastId: string | undefined;
  retryMs: number;
}

/** What a stream of events says, piece by piece. */
export interface ServerEvent {
  /** Its data, as one line; left out: it only says where it can be gone on with. */
  readonly line?: Buffer;
  readonly id?: string;
  /** Milliseconds. */
  readonly retry?: number;
}

const newline = Buffer.from('\n');
const space = 0x20;

/** The data of each event, as one line. Rejects on what is too long to be kept, and when the connection breaks. */
export async function* eventLines(response: AsyncIterable<Buffer>, place: StreamPlace): AsyncGenerator<Buffer> {
  for await (const { line, id, retry } of events(response)) {
    if (id !== undefined) place.lastId = id;
    if (retry !== undefined) place.retryMs = retry;
    if (line !== undefined) yield line;
  }
}

/** Each event that has come whole. Rejects as `eventLines` does. */
export async function* events(response: AsyncIterable<Buffer>): AsyncGenerator<ServerEvent> {
  const lines = new FrameLines();
  let event = new OpenEvent();
  for await (const bytes of response) {
    const ended = lines.push(bytes);
    // It may never end.
    if (lines.pending > longestLine) throw new TooLong(lines.pending);
    for (const line of ended) {
      if ('tail' in line) throw new TooLong(line.length);
      const text = withoutEnd(line);
      if (text.length > 0) {
        event.field(text);
        continue;
      }
      yield event.whole();
      event = new OpenEvent();
    }
  }
}

/** An event whose end has not come. */
class OpenEvent {
  #data: Buffer[] = [];
  #length = 0;
  #place: Omit<ServerEvent, 'line'> = {};

  field(text: Buffer): void {
    const { name, value } = fieldOf(text);
    if (name === 'id') this.#place = { ...this.#place, id: value.toString('utf8') };
    if (name === 'retry' && /^\d{1,6}$/.test(value.toString('latin1')))
      this.#place = { ...this.#place, retry: Number(value.toString('latin1')) };
    if (name !== 'data' || value.length === 0) return;
    this.#length += value.length;
    if (this.#length > longestLine) throw new TooLong(this.#length);
    if (this.#data.length > 0) this.#data.push(newline);
    this.#data.push(value);
  }

  whole(): ServerEvent {
    return this.#data.length === 0 ? this.#place : { ...this.#place, line: oneLine(Buffer.concat(this.#data)) };
  }
}

/** A body that is one message, as one line. Rejects on what is too long to be kept. */
export async function bodyLine(response: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const bytes of response) {
    length += bytes.length;
    if (length > longestLine) throw new TooLong(length);
    parts.push(bytes);
  }
  return oneLine(Buffer.concat(parts));
}

/** In JSON the end of a line is only ever a space. */
function oneLine(bytes: Buffer): Buffer {
  for (const end of [0x0a, 0x0d]) for (let at = bytes.indexOf(end); at !== -1; at = bytes.indexOf(end, at)) bytes[at] = space;
  return Buffer.concat([bytes, newline]);
}

function withoutEnd(line: Buffer): Buffer {
  return line.subarray(0, line.at(-2) === 0x0d ? -2 : -1);
}

function fieldOf(line: Buffer): { readonly name: string; readonly value: Buffer } {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line.toString('latin1'), value: Buffer.alloc(0) };
  return { name: line.toString('latin1', 0, colon), value: line.subarray(line[colon + 1] === space ? colon + 2 : colon + 1) };
}

export class TooLong extends Error {
  constructor(length: number) {
    super(`it sent ${length} bytes and more in one message, which is too long to be passed on`);
  }
}
