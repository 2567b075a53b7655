import type { Word } from '../analysis.ts';
import { anything, concat } from '../word-parts.ts';
import type { Piece } from './strings.ts';
import type { Token } from './tokens.ts';

/** The value of an expression: one text, or a list of them. */
export type CodeValue = Word | readonly Word[];

export type Variables = ReadonlyMap<string, CodeValue>;

const unknown = { ...anything('a value'), many: false };

/** The value of the tokens of one argument, as far as it is put together from literals. `undefined`: there are none. */
export function valueOf(tokens: readonly Token[], variables: Variables): CodeValue | undefined {
  const [first, ...rest] = tokens.filter((token) => !(token.kind === 'mark' && token.text === '\n'));
  if (first === undefined) return undefined;
  if (first.kind === 'mark' && (first.text === '[' || first.text === '(') && closesAtEnd([first, ...rest])) {
    const inside = splitArguments(rest.slice(0, -1)).map((part) => valueOf(part, variables));
    const words = inside.flatMap((value): readonly Word[] => (value === undefined ? [] : isList(value) ? value : [value]));
    return first.text === '(' && words.length === 1 && inside.length === 1 ? words[0] : words;
  }
  const called = first.kind === 'name' ? pathOf(first.text, rest, variables) : undefined;
  return called ?? sum([first, ...rest], variables);
}

const joining =
  /(^|\.)(Path|PurePath|PosixPath|expanduser|expandvars|join|resolve|abspath|realpath|String|str|Pathname\.new|expand_path|fspath)$/;
const homes = /^(process\.env\.HOME|os\.homedir|Path\.home|pathlib\.Path\.home|Dir\.home|homedir)$/;

/** `Path('a')`, `os.path.join('a', 'b')`, `os.homedir()`: a path put together. */
function pathOf(name: string, rest: readonly Token[], variables: Variables): CodeValue | undefined {
  if (homes.test(name)) return rest.length === 0 || closesAtEnd(rest) ? '~' : undefined;
  if (/^(os\.environ|ENV|os\.getenv|os\.environ\.get|getenv)$/.test(name) && rest.length >= 3)
    return rest[1]?.kind === 'string' && stringOf(rest[1].pieces, variables) === 'HOME' && closesAtEnd(rest) ? '~' : undefined;
  const [open] = rest;
  if (!joining.test(name) || open?.kind !== 'mark' || open.text !== '(' || !closesAtEnd(rest)) return undefined;
  const values = splitArguments(rest.slice(1, -1)).map((part) => valueOf(part, variables));
  const words = values.flatMap((value, index): readonly Word[] => [
    ...(index === 0 ? [] : ['/']),
    value === undefined || isList(value) ? unknown : value,
  ]);
  return words.length === 0 ? unknown : concat(words);
}

export function isList(value: CodeValue | undefined): value is readonly Word[] {
  return Array.isArray(value);
}

/** Texts one after the other: `'a' + b`, `'a' . $b`, `'a' 'b'`, `'a' .. b`. */
function sum(tokens: readonly Token[], variables: Variables): CodeValue {
  const words: Word[] = [];
  let joined = true;
  for (const token of tokens) {
    if (token.kind === 'mark') {
      if (!/^(\+|\.|\.\.|&|\/)$/.test(token.text)) return unknown;
      if (token.text === '/') words.push('/');
      joined = true;
      continue;
    }
    if (!joined && token.kind !== 'string') return unknown;
    joined = false;
    const value = operand(token, variables);
    if (isList(value)) return tokens.length === 1 ? value : unknown;
    words.push(value);
  }
  return words.length === 0 ? unknown : concat(words);
}

function operand(token: Token, variables: Variables): CodeValue {
  if (token.kind === 'string') return stringOf(token.pieces, variables);
  if (token.kind === 'name') return variables.get(token.text) ?? unknown;
  return token.kind === 'number' && /^\d+$/.test(token.text) ? token.text : unknown;
}

/** The text of a string with the values of its variables. */
export function stringOf(pieces: readonly Piece[], variables: Variables): Word {
  const words = pieces.map((piece): Word => {
    if (piece === undefined) return unknown;
    if ('text' in piece) return piece.text;
    const value = variables.get(piece.name);
    return value === undefined || isList(value) ? unknown : value;
  });
  return words.length === 0 ? '' : concat(words);
}

/** The arguments between two brackets. */
export function splitArguments(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'mark' && /^[([{]$/.test(token.text)) depth += 1;
    if (token.kind === 'mark' && /^[)\]}]$/.test(token.text)) depth -= 1;
    if (token.kind === 'mark' && token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.some((token) => token.kind !== 'mark' || token.text !== '\n'));
}

function closesAtEnd(tokens: readonly Token[]): boolean {
  return closingIndex(tokens, 0) === tokens.length - 1;
}

/** The place of the bracket that closes the one at `start`; the end of the tokens when there is none. */
export function closingIndex(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'mark') continue;
    if (/^[([{]$/.test(token.text)) depth += 1;
    if (/^[)\]}]$/.test(token.text)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return tokens.length;
}

/** Variables that are assigned once in the whole text, a value that is known. */
export function variablesOf(tokens: readonly Token[]): Variables {
  const counts = new Map<string, number>();
  const places: { readonly name: string; readonly from: number }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name') continue;
    const next = tokens[at + 1];
    if (next?.kind !== 'mark' || !/^(=|\+=|\.=)$/.test(next.text)) continue;
    counts.set(token.text, (counts.get(token.text) ?? 0) + 1);
    if (next.text === '=') places.push({ name: token.text, from: at + 2 });
  }
  const variables = new Map<string, CodeValue>();
  for (const { name, from } of places) {
    if (counts.get(name) !== 1) continue;
    const value = valueOf(statement(tokens, from), variables);
    if (value !== undefined) variables.set(name, value);
  }
  return variables;
}

/** The tokens up to the end of the statement. */
export function statement(tokens: readonly Token[], from: number): readonly Token[] {
  let depth = 0;
  for (let at = from; at < tokens.length && at < from + 200; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'mark') continue;
    if (/^[([{]$/.test(token.text)) depth += 1;
    if (/^[)\]}]$/.test(token.text)) depth -= 1;
    if (depth < 0 || (depth === 0 && (token.text === ';' || token.text === '\n' || token.text === ','))) return tokens.slice(from, at);
  }
  return tokens.slice(from, from + 200);
}
