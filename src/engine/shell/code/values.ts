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

/** `Path('a')`, `os.path.join('a', 'b')`, `os.homedir()`: a path put together. */
function pathOf(name: string, rest: readonly Token[], variables: Variables): CodeValue | undefined {
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

/** Texts one after the other: `'a' + b`, `'a' . $b`, `'a' 'b'`, `'a' .. b`, `Path('a') / 'b'`. */
function sum(tokens: readonly Token[], variables: Variables): CodeValue {
  const words: Word[] = [];
  let joined = true;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind === 'mark' && !(joined && /^[([]$/.test(token.text))) {
      if (token.text === '%' && !joined) return formatted(concat(words), /%[-+ 0-9.]*[a-z]/);
      if (!/^(\+|\.|\.\.|&|\/)$/.test(token.text)) return unknown;
      if (token.text === '/') words.push('/');
      joined = true;
      continue;
    }
    const part = tokens.slice(at, groupEnd(tokens, at) + 1);
    const isMethod = token.kind === 'name' && token.text.startsWith('.') && !joined;
    if (!joined && !isMethod && token.kind !== 'string') return unknown;
    const value = isMethod ? method(token.text, concat(words), part.slice(1), variables) : primary(part, tokens, variables);
    if (isList(value)) return tokens.length === part.length ? value : (joinedList(value, tokens.slice(part.length), variables) ?? unknown);
    words.splice(isMethod ? 0 : words.length, words.length, value);
    joined = false;
    at += part.length - 1;
  }
  return words.length === 0 ? unknown : concat(words);
}

/** A literal, a variable, or what is in brackets. */
function primary(part: readonly Token[], whole: readonly Token[], variables: Variables): CodeValue {
  const [first] = part;
  if (first === undefined) return unknown;
  if (part.length === 1) return operand(first, variables);
  // What is as long as before would be asked about for ever.
  return part.length === whole.length ? unknown : (valueOf(part, variables) ?? unknown);
}

/** The place where the brackets behind a name, or a bracket itself, are closed; the token's own place where there are none. */
function groupEnd(tokens: readonly Token[], at: number): number {
  const [token, next] = [tokens[at], tokens[at + 1]];
  const isOpen = (one: Token | undefined): boolean => one?.kind === 'mark' && /^[([]$/.test(one.text);
  const open = isOpen(token) ? at : token?.kind === 'name' && isOpen(next) ? at + 1 : undefined;
  return open === undefined ? at : Math.min(closingIndex(tokens, open), tokens.length - 1);
}

/** `path.joinpath('a')`, `' '.join(list)`, and methods that leave a text what it is. */
function method(name: string, own: Word, group: readonly Token[], variables: Variables): Word {
  if (/^\.(resolve|expanduser|absolute|toString|to_s|to_str|strip|trim|as_posix|freeze)$/.test(name)) return own;
  if (name === '.format') return formatted(own, /\{[^{}]*\}/);
  const args = splitArguments(group.slice(1, -1)).map((part) => valueOf(part, variables));
  const [first] = args;
  if (name === '.join' && isList(first)) return concat(first.flatMap((word, index) => (index === 0 ? [word] : [own, word])));
  if (!/^\.(joinpath|join|concat)$/.test(name)) return unknown;
  const between = name === '.concat' ? '' : '/';
  return concat([own, ...args.flatMap((value): readonly Word[] => [between, value === undefined || isList(value) ? unknown : value])]);
}

/** A format with something unknown in place of each of its marks. */
function formatted(format: Word, mark: RegExp): Word {
  if (typeof format !== 'string') return unknown;
  return concat(format.split(mark).flatMap((piece, index): readonly Word[] => (index === 0 ? [piece] : [unknown, piece])));
}

/** `['a', 'b'].join('/')`. */
function joinedList(list: readonly Word[], rest: readonly Token[], variables: Variables): Word | undefined {
  const [name] = rest;
  if (name?.kind !== 'name' || name.text !== '.join' || !closesAtEnd(rest.slice(1))) return undefined;
  const between = valueOf(rest.slice(2, -1), variables) ?? ',';
  return isList(between) ? undefined : concat(list.flatMap((word, index) => (index === 0 ? [word] : [between, word])));
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
