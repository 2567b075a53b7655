import type { ParameterExpansionPart, Word as WordNode } from 'unbash';
import type { Word } from './analysis.ts';
import { workingDirectory } from './files.ts';
import { listPieces, pieceOf, splitPieces, splitWord, wordPieces, type Piece } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { State, Value } from './state.ts';
import { edit } from './parameter-edits.ts';
import { anything, textOf } from './word-parts.ts';

/** Variables whose value is known without running anything. They stay symbolic: `~`, `.` and `$COUNTERSIGN_HOME`. */
const symbols: Readonly<Record<string, string>> = {
  HOME: '~',
  COUNTERSIGN_HOME: '$COUNTERSIGN_HOME',
  TMPDIR: '/tmp',
  IFS: ' \t\n',
};
/** Values that are numbers or short names: they have neither blanks nor slashes. */
const plainValues = new Set([
  '?',
  '$',
  '!',
  '#',
  'RANDOM',
  'SECONDS',
  'LINENO',
  'UID',
  'EUID',
  'PPID',
  'BASHPID',
  'EPOCHSECONDS',
  'SHLVL',
  '-',
  'HOSTTYPE',
  'OSTYPE',
]);

/** What reads the operand of an expansion. */
export type ReadOperand = (node: WordNode, quoted: boolean, scope: Scope) => readonly Piece[];

/** `$name`, as it stands in a word. */
export function variablePieces(name: string, quoted: boolean, scope: Scope): readonly Piece[] {
  if (name === '@' || name === '*') return argumentPieces(name, quoted, scope);
  return valuePieces(valueOf(name, scope), name, quoted, scope);
}

/** `${…}`: with what it does to the value, as far as that is known. Substitutions in what would be used are run. */
export function readParameter(part: ParameterExpansionPart, quoted: boolean, scope: Scope, read: ReadOperand): readonly Piece[] {
  const name = part.parameter;
  if (part.index !== undefined && !/^[@*]$/.test(part.index.value)) read(part.index, true, scope);
  if (part.prefix === '#') return [countPiece(lookUp(part, scope))];
  if (part.prefix === '!') return indirect(part, quoted, scope, read);
  if (name === '@' || name === '*' || part.index?.value === '@' || part.index?.value === '*') return listOf(part, quoted, scope, read);
  const value = lookUp(part, scope);
  if (part.operation === undefined) return valuePieces(value, name, quoted, scope);
  if (part.operation.type === 'Default') return defaulted(part, part.operation, value, quoted, scope, read);
  return edited(part, value, quoted, scope, read);
}

/** The value of a variable or argument; `null` when it is known to be unset. */
function valueOf(name: string, { run, at, state }: Scope): Word | null {
  if (/^\d+$/.test(name))
    return name === '0' ? (state.zero ?? { ...anything('$0', 'environment'), many: false }) : argument(Number(name), state);
  const value = state.get(name);
  if (value === undefined)
    return name === 'PWD' ? workingDirectory(at.elsewhere ? undefined : run.surroundings, state) : environmentValue(name);
  if (value === null) return null;
  return isList(value) ? (value[0] ?? null) : value;
}

function environmentValue(name: string): Word {
  const symbol = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
  if (symbol !== undefined) return symbol;
  const word = anything(`$${name}`, 'environment');
  return plainValues.has(name) ? { ...word, many: false, names: true } : word;
}

function argument(index: number, { positional }: State): Word | null {
  if (positional === undefined) return anything(`$${index}`);
  const rest = positional.slice(0, index).find((word) => typeof word !== 'string' && word.many);
  return rest === undefined ? (positional[index - 1] ?? null) : anything(`$${index}`);
}

function isList(value: Value): value is readonly Word[] {
  return Array.isArray(value);
}

function valuePieces(value: Word | null, name: string, quoted: boolean, scope: Scope): readonly Piece[] {
  if (name === 'IFS' && scope.state.get('IFS') === undefined && !quoted) return [{ text: '', quoted: false, name: false, breaks: true }];
  const found = wordPieces(value ?? '', quoted);
  return quoted ? found : splitPieces(found, scope.separators());
}

function argumentPieces(name: string, quoted: boolean, scope: Scope): readonly Piece[] {
  const list = scope.state.positional;
  if (list === undefined) return [{ text: undefined, quoted: false, name: false, breaks: false }];
  return listValue(list, name, quoted, scope);
}

function listValue(list: readonly Word[], kind: string, quoted: boolean, scope: Scope): readonly Piece[] {
  scope.run.spend(list.length);
  if (quoted && kind === '*') return list.flatMap((word, at) => [...(at === 0 ? [] : [pieceOf(' ', true)]), ...wordPieces(word, true)]);
  const found = listPieces(list, quoted).map((piece) =>
    piece.text === undefined && quoted && !piece.quoted ? { ...piece, quoted: true } : piece,
  );
  return quoted ? found : splitPieces(found, scope.separators());
}

/** `${a[@]}` and what is done to each of its elements. */
function listOf(part: ParameterExpansionPart, quoted: boolean, scope: Scope, read: ReadOperand): readonly Piece[] {
  const arguments_ = part.parameter === '@' || part.parameter === '*';
  const value = arguments_ ? scope.state.positional : scope.state.get(part.parameter);
  const list = value === undefined || value === null ? (value === null ? [] : undefined) : isList(value) ? value : [value];
  const kind = arguments_ ? part.parameter : (part.index?.value ?? '@');
  if (list !== undefined && part.operation === undefined) return listValue(list, kind, quoted, scope);
  if (part.operation?.type === 'Slice' && list !== undefined && arguments_) {
    const from = Number(part.operation.offset.value);
    const count = part.operation.length === undefined ? Infinity : Number(part.operation.length.value);
    if (from >= 1 && count >= 0) return listValue(list.slice(from - 1, from - 1 + count), kind, quoted, scope);
  }
  if (part.operation?.type === 'Default') {
    const operand = read(part.operation.operand, quoted, scope);
    if (list !== undefined && list.length === 0 && part.operation.operator.endsWith('-')) return operand;
  }
  return [{ text: undefined, quoted: false, name: false, breaks: false }];
}

function lookUp(part: ParameterExpansionPart, scope: Scope): Word | null {
  const { state } = scope;
  if (part.index === undefined) return valueOf(part.parameter, scope);
  const value = state.get(part.parameter);
  const index = Number(part.index.value);
  if (value === undefined || value === null || !isList(value) || !Number.isInteger(index)) return anything(part.text);
  return value.some((word) => typeof word !== 'string' && word.many) ? anything(part.text) : (value.at(index) ?? null);
}

function countPiece(value: Word | null): Piece {
  const text = typeof value === 'string' && !/^[~.$]/.test(value) ? String(value.length) : undefined;
  return { text, quoted: true, name: true, breaks: false, origin: 'environment' };
}

function indirect(part: ParameterExpansionPart, quoted: boolean, scope: Scope, read: ReadOperand): readonly Piece[] {
  const name = valueOf(part.parameter, scope);
  if (part.operation !== undefined || typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
    return [{ text: undefined, quoted, name: false, breaks: false }];
  return readParameter({ ...part, parameter: name, prefix: undefined, index: undefined }, quoted, scope, read);
}

type Default = Extract<ParameterExpansionPart['operation'], { readonly type: 'Default' }>;

function defaulted(
  part: ParameterExpansionPart,
  operation: Default,
  value: Word | null,
  quoted: boolean,
  scope: Scope,
  read: ReadOperand,
): readonly Piece[] {
  const colon = operation.operator.startsWith(':');
  const kind = operation.operator.at(-1);
  const set =
    value === null || (colon && value === '')
      ? false
      : typeof value === 'string' || value.parts.some((text) => text !== undefined && text !== '')
        ? true
        : undefined;
  if (kind === '?') return valuePieces(value, part.parameter, quoted, scope);
  if (kind === '+' ? set === false : set === true) return kind === '+' ? [] : valuePieces(value, part.parameter, quoted, scope);
  const operand = read(operation.operand, quoted, scope);
  if (kind === '=') scope.state.set(part.parameter, set === false ? (splitWord(operand, part.text)[0] ?? '') : anything(part.text));
  if (set !== undefined) return operand;
  return [{ text: undefined, quoted, name: false, breaks: false, ...(operand.every(harmless) ? { origin: 'environment' } : {}) }];
}

/** Of `${PORT:-3000}` one is as unknown as the environment makes it; of `${x:-rm}` too, which is why it is not taken for known. */
function harmless(piece: Piece): boolean {
  return piece.text !== undefined || piece.origin === 'environment';
}

function edited(part: ParameterExpansionPart, value: Word | null, quoted: boolean, scope: Scope, read: ReadOperand): readonly Piece[] {
  if (
    part.operation?.type === 'Transform' &&
    /P/.test(textOf(part.operation.operand.value)) &&
    !(typeof value === 'string' && /^[^$`\\]*$/.test(value))
  )
    scope.run.unknownCommand(
      'a value is expanded as a prompt, which may run a command',
      { text: part.text, files: [], assignments: [] },
      scope.at,
    );
  scope.run.spend(32);
  const word = edit(part, value ?? '', (node) => splitOne(read(node, true, scope), node.text));
  if (word !== undefined) return valuePieces(word, part.parameter, quoted, scope);
  const origin = typeof value === 'object' && value?.origin !== undefined ? { origin: value.origin } : {};
  return [{ text: undefined, quoted, name: false, breaks: false, ...origin }];
}

function splitOne(pieces: readonly Piece[], text: string): Word {
  return splitWord(pieces, text)[0] ?? '';
}
