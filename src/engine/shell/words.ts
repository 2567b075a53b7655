import { forEachChild, parse, type ParsedScript, type SyntaxNode, type Word as WordNode, type WordPart } from 'unbash';
import type { UnknownWord, Word } from './analysis.ts';
import { arithmetic } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import type { Scope } from './scope.ts';
import { readParameter, variablePieces } from './parameters.ts';
import { placeholder, splitPlaceholders } from './placeholders.ts';
import { pieceOf, splitPieces, splitWord, type Piece } from './pieces.ts';
import { unknownOutput } from './word-parts.ts';

/** The words that a program gets for one word of the text: none, one or several. */
export function expandWord(node: WordNode, scope: Scope): readonly Word[] {
  if (node.parts === undefined)
    return placeholder.test(node.value) ? splitWord(literal(node.value, false), node.text) : [tilde(node.text, node.value, scope)];
  if (node.parts.some((part) => part.type === 'BraceExpansion')) return expandBraced(node, scope);
  return splitWord(pieces(node, scope), node.text);
}

/** A word where the shell does not split: a value, the target of a redirection, the word of a `case`. */
export function singleWord(node: WordNode, scope: Scope): Word {
  if (node.parts === undefined)
    return placeholder.test(node.value) ? joinPieces(literal(node.value, true), node.text) : tilde(node.text, node.value, scope);
  return joinPieces(
    node.parts.flatMap((part) => readPart(part, true, scope)),
    node.text,
  );
}

/** The text of a here-document. */
export function documentText(body: { readonly text: string; readonly parts: readonly WordPart[] | undefined }, scope: Scope): Word {
  if (body.parts === undefined) return placeholder.test(body.text) ? joinPieces(literal(body.text, true), body.text) : body.text;
  return joinPieces(
    body.parts.flatMap((part) => readPart(part, true, scope)),
    body.text,
  );
}

/** Runs the substitutions in a part of the text whose value nobody needs: arithmetic, tests, patterns. */
export function runSubstitutions(node: SyntaxNode, scope: Scope): void {
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution' || node.type === 'ArithmeticCommandExpansion')
    substitute(node, scope);
  else if (node.type === 'ParameterExpansion') readParameter(node, true, scope, readWordPieces);
  else forEachChild(node, (child) => runSubstitutions(child, scope));
}

function joinPieces(found: readonly Piece[], text: string): Word {
  const [only, ...more] = splitWord(
    found.map((piece) => (piece.breaks ? { ...piece, text: ' ', breaks: false } : piece.quoted ? piece : { ...piece, quoted: true })),
    text,
  );
  return more.length > 0 ? unknownOutput : (only ?? '');
}

function tilde(text: string, value: string, { state }: Scope): Word {
  if (!text.startsWith('~')) return value;
  const home = state.get('HOME');
  if (home === undefined || (value !== '~' && !value.startsWith('~/'))) return value;
  return typeof home === 'string' ? home + value.slice(1) : { parts: [undefined, value.slice(1)], many: false, names: false, text };
}

function expandBraced(node: WordNode, scope: Scope): readonly Word[] {
  const texts = expandBraces(node.text);
  const unknown: UnknownWord = { parts: [undefined], many: true, names: false, text: node.text };
  if (texts === undefined) return [unknown];
  scope.run.spend(texts.length * 8);
  if (texts.every((text) => /^[\w./:=@%+,-]+$/.test(text))) return texts;
  if (texts.length === 1 && texts[0] === node.text) return splitWord(pieces(node, scope), node.text);
  const parsed = parse(`: ${texts.join(' ')}`);
  const [only] = parsed.commands;
  if (parsed.errors !== undefined || parsed.commands.length !== 1 || only?.command.type !== 'Command') return [unknown];
  return only.command.suffix.flatMap((word): readonly Word[] =>
    word.type === 'Word' ? splitWord(pieces(word, scope), word.text) : [unknown],
  );
}

function pieces(node: WordNode, scope: Scope): readonly Piece[] {
  return node.parts === undefined ? [pieceOf(node.value, true)] : readWordPieces(node, false, scope);
}

/** A word inside of an expansion (`${x:-word}`), which is split where the expansion is not quoted. */
function readWordPieces(node: WordNode, quoted: boolean, scope: Scope): readonly Piece[] {
  if (node.parts === undefined) return quoted ? [pieceOf(node.value, true)] : splitPieces([pieceOf(node.value, false)], ' \t\n');
  return node.parts.flatMap((part, index) => readPart(part, quoted, scope, index === 0));
}

function readPart(part: WordPart, quoted: boolean, scope: Scope, first = false): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
      return first && part.text.startsWith('~') ? literalTilde(part.value, scope) : literal(part.value, quoted);
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return literal(part.value, true);
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.length === 0 ? [pieceOf('', true)] : part.parts.flatMap((inner) => readPart(inner, true, scope));
    case 'SimpleExpansion':
      return variablePieces(part.text.slice(1), quoted, scope);
    case 'ParameterExpansion':
      return readParameter(part, quoted, scope, readWordPieces);
    case 'CommandExpansion':
      return outputPieces(substitute(part, scope), quoted, scope);
    case 'ArithmeticExpansion':
      return [arithmeticPiece(part, scope)];
    case 'ProcessSubstitution':
      substitute(part, scope);
      return [{ text: undefined, quoted: true, name: false, breaks: false, origin: 'output' }];
    case 'Glob':
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) runSubstitutions(inner, scope);
      return quoted ? [pieceOf(part.text, true)] : [{ text: undefined, quoted: false, name: true, breaks: false }];
    case 'BraceExpansion':
      for (const inner of part.parts ?? []) runSubstitutions(inner, scope);
      return part.parts === undefined ? [pieceOf(part.text, true)] : [{ text: undefined, quoted: false, name: false, breaks: false }];
    default:
      return [{ text: undefined, quoted, name: false, breaks: false }];
  }
}

/** Text that stands there as it is, but for the marks of what is not known. */
function literal(text: string, quoted: boolean): readonly Piece[] {
  if (!placeholder.test(text)) return [pieceOf(text, true)];
  return splitPlaceholders(text).map((piece) => ({ ...piece, quoted: quoted || piece.text !== undefined, name: false, breaks: false }));
}

function literalTilde(value: string, scope: Scope): readonly Piece[] {
  const word = tilde('~', value, scope);
  return typeof word === 'string' ? [pieceOf(word, true)] : word.parts.map((text) => ({ text, quoted: true, name: false, breaks: false }));
}

function arithmeticPiece(part: Extract<WordPart, { readonly type: 'ArithmeticExpansion' }>, scope: Scope): Piece {
  if (part.expression !== undefined) runSubstitutions(part.expression, scope);
  const value = part.expression === undefined ? undefined : arithmetic(part.expression, (name) => scope.state.get(name));
  return { text: value?.toString(), quoted: true, name: true, breaks: false, origin: 'environment' };
}

/** Runs a substitution in a shell of its own; what it writes, without the line ends it closes with. */
function substitute(part: { readonly text: string; readonly script: ParsedScript | undefined }, { run, at, state }: Scope): Word {
  if (part.script === undefined) {
    run.fail('a substitution was not understood', part.text);
    return unknownOutput;
  }
  run.spend(16 + state.size / 4);
  const inside = state.copy();
  // The positions in a script between backticks are those of its own text.
  const fixed = part.script.source !== undefined && at.span === undefined ? { span: { start: 0, end: 0 } } : {};
  const written = run.node(
    part.script,
    { ...at, ...fixed, ...('pos' in part ? spanOf(part, fixed, at) : {}), depth: at.depth + 1 },
    inside,
  );
  return typeof written === 'string' ? written.replace(/\n+$/, '') : { ...written, parts: trimmed(written.parts) };
}

function spanOf(part: object, fixed: object, at: Scope['at']): object {
  if (at.span !== undefined || !('span' in fixed) || !('pos' in part) || !('end' in part)) return {};
  return { span: { start: part.pos, end: part.end } };
}

function trimmed(parts: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const last = parts.at(-1);
  return last === undefined ? parts : [...parts.slice(0, -1), last.replace(/\n+$/, '')];
}

function outputPieces(word: Word, quoted: boolean, scope: Scope): readonly Piece[] {
  const found: readonly Piece[] =
    typeof word === 'string'
      ? [pieceOf(word, quoted)]
      : word.parts.map((text) => ({
          text,
          quoted: quoted || (text === undefined && !word.many),
          name: word.names,
          breaks: false,
          ...(word.origin === undefined ? {} : { origin: word.origin }),
        }));
  return quoted ? found : splitPieces(found, scope.separators());
}
