import type { Word } from '../analysis.ts';
import { anything, type Argument, type Nested, type Script } from './script.ts';
import type { Scanner } from './scanner.ts';
import { doubleQuotes, readEscape, readString, readVariable, singleQuotes, type Piece } from './strings.ts';

const ends = /[\s&();,{|}<>]|$/y;

export interface WordContext {
  readonly scan: Scanner;
  readonly nested: Nested;
  readonly script: Script;
  /** Variables that are not what they usually are. */
  readonly assigned: ReadonlySet<string>;
}

/** One argument of a command: a parameter, or a word or a list of words. */
export function readArgument(context: WordContext): Argument {
  const { scan } = context;
  const from = scan.at;
  const parameter = scan.look(/[-–—―]([\p{L}_?][\p{L}\p{N}_-]*)(:?)(?=[\s&();,{|}<>]|$|(?<=:))/uy);
  if (parameter === undefined) return { words: readList(context), text: scan.text.slice(from, scan.at) };
  scan.at += parameter[0].length;
  if (parameter[2] === ':') scan.skipBlanks();
  const words = parameter[2] === ':' && scan.look(/[\s;|&)}]|$/y) === undefined ? readList(context) : [];
  return { parameter: `-${parameter[1] ?? ''}`, words, text: scan.text.slice(from, scan.at) };
}

function readList(context: WordContext): readonly Word[] {
  const { scan } = context;
  const words = [readWord(context)];
  while (scan.look(/[^\S\r\n]*,/y) !== undefined) {
    scan.take(/[^\S\r\n]*,/y);
    scan.skipLines();
    words.push(readWord(context));
  }
  return words;
}

/** A word as a command gets it, as far as that is known. Moves on, or fails. */
export function readWord(context: WordContext): Word {
  const { scan, script } = context;
  const from = scan.at;
  const isOpened = scan.sees('{') || scan.sees('@{');
  const pieces = readPieces(context);
  const text = scan.text.slice(from, scan.at);
  // What a block or a table runs was read where it stands: as an argument, it is only its text.
  if (isOpened) return text;
  if (text === '') scan.fail(`"${scan.next}" stands where a word is expected`);
  const word = wordOf(pieces, text);
  if (typeof word !== 'string' && !word.names)
    script.unknown.push({ reason: `${shown(text)} is not known before it runs`, text, span: { start: from, end: scan.at } });
  return word;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export function wordOf(pieces: readonly Piece[], text: string): Word {
  const unknown = pieces.filter((piece) => piece.text === undefined);
  if (unknown.length === 0) return pieces.map((piece) => piece.text).join('');
  return {
    parts: joined(pieces),
    many: unknown.some((piece) => piece.quoted !== true),
    names: unknown.every((piece) => piece.name === true),
    text,
  };
}

function joined(pieces: readonly Piece[]): readonly (string | undefined)[] {
  const parts: (string | undefined)[] = [];
  for (const { text } of pieces) {
    const last = parts.at(-1);
    if (text === '') continue;
    if (text !== undefined && last !== undefined) parts[parts.length - 1] = last + text;
    else if (text !== undefined || last !== undefined || parts.length === 0) parts.push(text);
  }
  return parts;
}

function readPieces(context: WordContext): readonly Piece[] {
  const { scan, nested, assigned } = context;
  const opened = openNested(context);
  if (opened !== undefined) return opened;
  const pieces: Piece[] = [];
  // What follows a quoted text without a blank is a word of its own, or a member of the text: nobody needs to know which.
  const startsQuoted = isQuote(scan.next);
  while (scan.look(ends) === undefined) {
    if (startsQuoted && pieces.length > 0) pieces.push({ text: undefined });
    // Whether the line or the word goes on here is not for us to say.
    if (scan.look(/`\r?\n/y) !== undefined) scan.fail('a line is continued inside of a word');
    if (isQuote(scan.next)) pieces.push(...readString(scan, nested, assigned));
    else pieces.push(readPlain(context));
  }
  if (scan.next === '(' && pieces.some(({ text }) => text === undefined)) scan.fail('a call stands inside of a word');
  return pieces;
}

function isQuote(sign: string): boolean {
  return sign !== '' && (singleQuotes + doubleQuotes).includes(sign);
}

/** Words that are no text: groups, blocks, tables, here-strings, splatted variables. */
function openNested({ scan, nested, assigned }: WordContext): readonly Piece[] | undefined {
  if (scan.look(/@['‘’‚‛"“”„]/y) !== undefined) return readString(scan, nested, assigned);
  if (scan.sees('{')) nested.block();
  else if (scan.sees('@{')) {
    scan.at += 1;
    nested.table();
  } else if (scan.look(/@?\(/y) !== undefined) {
    scan.take(/@/y);
    nested.group();
    nested.members();
  } else if (scan.take(/@[\p{L}_][\p{L}\p{N}_]*/uy) === undefined) return undefined;
  return [{ text: undefined }];
}

function readPlain({ scan, nested, assigned }: WordContext): Piece {
  if (scan.next === '`') return { text: readEscape(scan) };
  const variable = scan.next === '$' ? readVariable(scan, nested, assigned) : undefined;
  if (variable !== undefined) {
    const before = scan.at;
    nested.members();
    return scan.at === before ? variable : { text: undefined };
  }
  if (scan.take(/[*?]|\[[^\]\s]*\]/y) !== undefined) return { text: undefined, name: true };
  const found = scan.take(/[^\s&();,{|}<>`$'‘’‚‛"“”„*?[]+|[$[]/y);
  return { text: found?.[0] ?? scan.fail('a word is not understood') };
}

/** What `--%` leaves: the rest of the line, for the program to read. */
export function readVerbatim({ scan }: WordContext): Argument {
  const text = scan.take(/--%[^\r\n|]*/y)?.[0] ?? '';
  return { words: [anything(text)], text };
}
