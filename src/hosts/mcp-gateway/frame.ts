import { BadJson, readList, readObject, skipSpace, textOf, type JsonMembers, type Span } from './json-bytes.ts';

/** One JSON-RPC message, with its bytes as they came. */
export interface Frame {
  /** All of the line, with what ends it. */
  readonly bytes: Buffer;
  readonly members: ReadonlyMap<string, Span>;
  /** Equal for equal ids; `undefined`: there is none. */
  readonly id: string | undefined;
  readonly method: string | undefined;
}

export type Line =
  | { readonly kind: 'message'; readonly frame: Frame }
  | { readonly kind: 'batch'; readonly lines: readonly Buffer[] }
  /** It looks like a message, and cannot be relied on. */
  | { readonly kind: 'bad'; readonly why: string }
  /** No message to anybody. */
  | { readonly kind: 'noise' };

const newline = Buffer.from('\n');

export function readLine(bytes: Buffer): Line {
  const start = skipSpace(bytes, 0);
  const first = bytes[start];
  if (first !== 0x7b && first !== 0x5b) return { kind: 'noise' };
  try {
    if (first === 0x5b) return { kind: 'batch', lines: readList(bytes, start).map((item) => lineOf(bytes.subarray(item.start, item.end))) };
    const read = readObject(bytes, start);
    if (read.repeats) return { kind: 'bad', why: 'a name stands in it twice' };
    if (skipSpace(bytes, read.end) !== bytes.length) return { kind: 'bad', why: 'more than one message stands in a line' };
    return { kind: 'message', frame: frameOf(bytes, read) };
  } catch (error) {
    if (error instanceof BadJson || error instanceof SyntaxError) return { kind: 'bad', why: 'it is not JSON' };
    throw error;
  }
}

/** The bytes of the frame with another value in one place. */
export function withValue({ bytes }: Frame, { start, end }: Span, value: unknown): Buffer {
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(JSON.stringify(value)), bytes.subarray(end)]);
}

/** The id as it is written. */
export function idText({ bytes, members }: Frame): string {
  const span = members.get('id');
  return span === undefined ? 'null' : bytes.toString('utf8', span.start, span.end);
}

/** What stands there; `undefined` where it is no JSON after all. */
export function valueAt({ bytes }: Frame, { start, end }: Span): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    return undefined;
  }
}

export function lineOf(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, newline]);
}

function frameOf(bytes: Buffer, { members }: JsonMembers): Frame {
  const method = members.get('method');
  return { bytes, members, id: idOf(bytes, members.get('id')), method: method === undefined ? undefined : textOf(bytes, method) };
}

/** A number by its value where that is exact, else by how it is written. */
function idOf(bytes: Buffer, span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  const text = bytes.toString('utf8', span.start, span.end);
  if (text.startsWith('"')) return `text ${textOf(bytes, span)}`;
  const number = Number(text);
  return Number.isSafeInteger(number) ? `number ${number}` : `other ${text}`;
}
