import type { Origin, UnknownWord, Word } from './analysis.ts';
import { withoutPlaceholders } from './placeholders.ts';
import { anything, originOf } from './word-parts.ts';

/** A piece of a word. `text` is `undefined` where it is not known. */
export interface Piece {
  readonly text: string | undefined;
  readonly quoted: boolean;
  /** Whether it stands for a name in a directory: it has no slash. */
  readonly name: boolean;
  /** A place where one word ends and another may begin. */
  readonly breaks: boolean;
  readonly origin?: Origin;
}

const maxLength = 65_536;
const pause: Piece = { text: '', quoted: false, name: false, breaks: true };

export function pieceOf(text: string, quoted: boolean): Piece {
  return { text, quoted, name: false, breaks: false };
}

export function wordPieces(word: Word, quoted: boolean): readonly Piece[] {
  if (typeof word === 'string') return [pieceOf(word, quoted)];
  return word.parts.map((text) => ({
    text,
    quoted: quoted || (text === undefined && !word.many),
    name: word.names,
    breaks: false,
    ...(word.origin === undefined ? {} : { origin: word.origin }),
  }));
}

/** Several words in place of one: the elements of an array, the arguments of a function. */
export function listPieces(words: readonly Word[], quoted: boolean): readonly Piece[] {
  return words.flatMap((word, index) => [...(index === 0 ? [] : [pause]), ...wordPieces(word, quoted)]);
}

/** Splits unquoted known pieces at `separators`, and finds the patterns of file names in them. */
export function splitPieces(pieces: readonly Piece[], separators: string | undefined): readonly Piece[] {
  if (separators === '') return pieces;
  return pieces.flatMap((piece) =>
    piece.quoted || piece.text === undefined || piece.breaks ? [piece] : split(piece, piece.text, separators),
  );
}

function split(piece: Piece, text: string, separators: string | undefined): readonly Piece[] {
  if (separators === undefined) return [{ ...piece, text: undefined }];
  if (separators === ' \t\n' && /^[\w./:=@%+,~-]*$/.test(text)) return [piece];
  const found: Piece[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const char = text[at];
    if (char !== undefined && !separators.includes(char) && !'*?['.includes(char)) continue;
    if (at > start) found.push({ ...piece, text: text.slice(start, at), quoted: true });
    start = at + 1;
    if (char !== undefined) found.push(separators.includes(char) ? pause : { text: undefined, quoted: false, name: true, breaks: false });
  }
  return found.length === 0 ? [piece] : found;
}

/** The words that pieces make. A piece that is empty and not quoted makes none. */
export function splitWord(pieces: readonly Piece[], text: string): readonly Word[] {
  const words: Word[] = [];
  let open: Piece[] = [];
  const close = (): void => {
    if (open.some((piece) => piece.quoted || piece.text !== '')) words.push(wordOf(open, text));
    open = [];
  };
  for (const piece of pieces) {
    if (piece.breaks) close();
    else open.push(piece);
  }
  close();
  return words;
}

function wordOf(pieces: readonly Piece[], text: string): Word {
  const unknown = pieces.filter((piece) => piece.text === undefined);
  if (pieces.reduce((length, piece) => length + (piece.text?.length ?? 0), 0) > maxLength) return anything('a very long word');
  if (unknown.length === 0) return pieces.length === 1 ? (pieces[0]?.text ?? '') : pieces.map((piece) => piece.text).join('');
  const origin = unknown.map((piece) => piece.origin).reduce(originOf);
  const word: UnknownWord = {
    parts: joined(pieces),
    many: unknown.some((piece) => !piece.quoted),
    names: unknown.every((piece) => piece.name),
    text: withoutPlaceholders(text),
  };
  return origin === undefined ? word : { ...word, origin };
}

function joined(pieces: readonly Piece[]): readonly (string | undefined)[] {
  const parts: (string | undefined)[] = [];
  for (const { text } of pieces) {
    const last = parts.at(-1);
    if (text === '' && parts.length > 0) continue;
    if (text !== undefined && last !== undefined) parts[parts.length - 1] = last + text;
    else if (text !== undefined || last !== undefined || parts.length === 0) parts.push(text);
  }
  return parts;
}
