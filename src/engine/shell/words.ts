import type { Word as WordNode, WordPart } from 'unbash';
import type { Word } from './analysis.ts';

/** Variables whose value is known without running anything. They stay symbolic: `~`, `.` and `$COUNTERSIGN_HOME`. */
const symbols: Readonly<Record<string, string>> = { HOME: '~', PWD: '.', COUNTERSIGN_HOME: '$COUNTERSIGN_HOME' };

interface Piece {
  readonly text: string | undefined;
  readonly quoted: boolean;
  readonly name: boolean;
}

/** A word as the program would get it, as far as that is known. `assigned` names variables that the text itself sets. */
export function readWord(node: WordNode, assigned: ReadonlySet<string>): Word {
  if (node.parts === undefined) return node.value;
  const pieces = node.parts.flatMap((part) => readPart(part, false, assigned));
  if (pieces.every((piece) => piece.text !== undefined)) return pieces.map((piece) => piece.text).join('');
  const unknown = pieces.filter((piece) => piece.text === undefined);
  return {
    parts: joined(pieces),
    many: unknown.some((piece) => !piece.quoted),
    names: unknown.every((piece) => piece.name),
    text: node.text,
  };
}

function joined(pieces: readonly Piece[]): readonly (string | undefined)[] {
  const parts: (string | undefined)[] = [];
  for (const { text } of pieces) {
    const last = parts.at(-1);
    if (text !== undefined && last !== undefined) parts[parts.length - 1] = last + text;
    else if (text !== undefined || last !== undefined || parts.length === 0) parts.push(text);
  }
  return parts;
}

function readPart(part: WordPart, quoted: boolean, assigned: ReadonlySet<string>): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [{ text: part.value, quoted, name: false }];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((inner) => readPart(inner, true, assigned));
    case 'SimpleExpansion':
      return [{ text: symbolOf(part.text.slice(1), assigned), quoted, name: false }];
    case 'ParameterExpansion':
      return [
        {
          text:
            part.operation === undefined && part.prefix === undefined && part.index === undefined
              ? symbolOf(part.parameter, assigned)
              : undefined,
          quoted,
          name: false,
        },
      ];
    case 'CommandExpansion':
      return [{ text: literalOutput(part.script, assigned), quoted, name: false }];
    case 'Glob':
    case 'ExtendedGlob':
      return [{ text: undefined, quoted, name: true }];
    default:
      return [{ text: undefined, quoted, name: false }];
  }
}

function symbolOf(variable: string, assigned: ReadonlySet<string>): string | undefined {
  return assigned.has(variable) || !Object.hasOwn(symbols, variable) ? undefined : symbols[variable];
}

/** `$(cat <<'EOF' … EOF)` is how agents write long arguments: its text is known. Anything else is not. */
function literalOutput(
  script: Extract<WordPart, { readonly type: 'CommandExpansion' }>['script'],
  assigned: ReadonlySet<string>,
): string | undefined {
  const [only] = script?.commands ?? [];
  const command = only?.command;
  if (script?.commands.length !== 1 || command?.type !== 'Command' || command.name?.value !== 'cat' || assigned.has('cat'))
    return undefined;
  const [body] = command.suffix;
  if (command.suffix.length !== 1 || command.prefix.length > 0 || body?.type !== 'HereDoc' || body.operator !== '<<') return undefined;
  return body.delimiter?.quoted === true ? body.body.text.replace(/\n+$/, '') : undefined;
}
