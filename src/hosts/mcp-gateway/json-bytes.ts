import { closingQuote, knownEnd } from './json-strings.ts';

/** Reads JSON where it lies, in bytes: what is not looked at stays as it came, and costs no more than being skipped. */

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface JsonMembers {
  /** Where each member's value lies. */
  readonly members: ReadonlyMap<string, Span>;
  readonly end: number;
  /** A name stands there twice: readers differ in which one counts. */
  readonly repeats: boolean;
}

export class BadJson extends Error {}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The members of the object that begins at `at`. */
export function readObject(bytes: Buffer, at: number): JsonMembers {
  if (bytes[at] !== openBrace) throw new BadJson('No object');
  const members = new Map<string, Span>();
  let repeats = false;
  let place = skipSpace(bytes, at + 1);
  if (bytes[place] === closeBrace) return { members, end: place + 1, repeats };
  for (;;) {
    const nameEnd = skipString(bytes, place);
    const name = textOf(bytes, { start: place, end: nameEnd });
    place = skipSpace(bytes, nameEnd);
    if (bytes[place] !== colon) throw new BadJson('No colon');
    const start = skipSpace(bytes, place + 1);
    const end = skipValue(bytes, start);
    repeats ||= members.has(name);
    members.set(name, { start, end });
    place = skipSpace(bytes, end);
    if (bytes[place] === closeBrace) return { members, end: place + 1, repeats };
    if (bytes[place] !== comma) throw new BadJson('No comma');
    place = skipSpace(bytes, place + 1);
  }
}

/** The items of the list that begins at `at`. */
export function readList(bytes: Buffer, at: number): readonly Span[] {
  if (bytes[at] !== openBracket) throw new BadJson('No list');
  const items: Span[] = [];
  let place = skipSpace(bytes, at + 1);
  if (bytes[place] === closeBracket) return items;
  for (;;) {
    const end = skipValue(bytes, place);
    items.push({ start: place, end });
    place = skipSpace(bytes, end);
    if (bytes[place] === closeBracket) return items;
    if (bytes[place] !== comma) throw new BadJson('No comma');
    place = skipSpace(bytes, place + 1);
  }
}

const deepest = 64;

/** Whether a name stands twice in an object there, at any depth. Throws on what is nested too deep to be looked through. */
export function repeatsNames(bytes: Buffer, at: number, depth = 0): boolean {
  if (depth > deepest) throw new BadJson('It is nested too deep');
  if (bytes[at] === openBracket) return readList(bytes, at).some(({ start }) => repeatsNames(bytes, start, depth + 1));
  if (bytes[at] !== openBrace) return false;
  const { members, repeats } = readObject(bytes, at);
  return repeats || [...members.values()].some(({ start }) => repeatsNames(bytes, start, depth + 1));
}

export function textOf(bytes: Buffer, { start, end }: Span): string {
  const value: unknown = JSON.parse(bytes.toString('utf8', start, end));
  if (typeof value !== 'string') throw new BadJson('No text');
  return value;
}

export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

/** A value ends where its brackets are closed. What is wrong inside of it is its reader's affair. */
function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === quote) return skipString(bytes, from);
  if (first === openBrace || first === openBracket) return skipNested(bytes, from);
  let at = from;
  while (at < bytes.length && !isSeparator(bytes[at])) at += 1;
  if (at === from) throw new BadJson('No value');
  return at;
}

function skipNested(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = skipString(bytes, at) - 1;
    else if (byte === openBrace || byte === openBracket) depth += 1;
    else if ((byte === closeBrace || byte === closeBracket) && (depth -= 1) === 0) return at + 1;
  }
  throw new BadJson('It is cut short');
}

function skipString(bytes: Buffer, from: number): number {
  if (bytes[from] !== quote) throw new BadJson('No string');
  const known = knownEnd(bytes, from);
  if (known !== undefined) return known;
  const end = closingQuote(bytes, from + 1);
  if (end >= bytes.length) throw new BadJson('It is cut short');
  return end + 1;
}

function isSeparator(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
