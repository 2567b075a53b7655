import type { Nested } from './script.ts';
import type { Scanner } from './scanner.ts';

/** A part of a word: its text, where that is known. `name`: a pattern over names in a folder. */
export interface Piece {
  readonly text: string | undefined;
  readonly name?: boolean;
  /** Whether an unknown value can only be one word. */
  readonly quoted?: boolean;
}

// PowerShell takes typographic quotes for quotes. (The specification, 2.3.5.2 and 2.2.)
export const singleQuotes = "'‘’‚‛";
export const doubleQuotes = '"“”„';

/** Variables whose value is known without running anything. They stay symbolic: `~`, `.`. */
const symbols: Readonly<Record<string, string>> = {
  home: '~',
  'env:home': '~',
  'env:userprofile': '~',
  pwd: '.',
  true: 'True',
  false: 'False',
  null: '',
  'env:countersign_home': '$COUNTERSIGN_HOME',
};

export function isSymbol(variable: string): boolean {
  return Object.hasOwn(symbols, variable);
}

/** At a quote, or at the `@` of a here-string. */
export function readString(scan: Scanner, nested: Nested, assigned: ReadonlySet<string>): readonly Piece[] {
  if (scan.next === '@') return hereString(scan, nested, assigned);
  if (singleQuotes.includes(scan.next)) return [singleQuoted(scan)];
  scan.at += 1;
  const pieces = expandable(scan, nested, assigned, () => {
    if (!doubleQuotes.includes(scan.next)) return false;
    if (!doubleQuotes.includes(scan.text[scan.at + 1] ?? ' ')) return true;
    // A doubled quote stands for one.
    scan.at += 1;
    return false;
  });
  scan.at += 1;
  return pieces;
}

function singleQuoted(scan: Scanner): Piece {
  const found = scan.take(/['‘’‚‛]((?:[^'‘’‚‛]|['‘’‚‛]{2})*)['‘’‚‛]/y);
  if (found === undefined) return scan.fail('a quoted text does not end');
  return { text: (found[1] ?? '').replaceAll(/(['‘’‚‛])['‘’‚‛]/g, '$1') };
}

function hereString(scan: Scanner, nested: Nested, assigned: ReadonlySet<string>): readonly Piece[] {
  const isLiteral = singleQuotes.includes(scan.text[scan.at + 1] ?? ' ');
  if (scan.take(/@['‘’‚‛"“”„][^\S\r\n]*\r?\n/y) === undefined) scan.fail('a text of several lines does not begin on its own line');
  const end = isLiteral ? /\r?\n['‘’‚‛]@/y : /\r?\n["“”„]@/y;
  // An empty one ends on the line after its beginning.
  if (scan.take(isLiteral ? /['‘’‚‛]@/y : /["“”„]@/y) !== undefined) return [{ text: '' }];
  const pieces = isLiteral ? [literalUntil(scan, end)] : expandable(scan, nested, assigned, () => scan.look(end) !== undefined);
  scan.take(end);
  return pieces;
}

function literalUntil(scan: Scanner, end: RegExp): Piece {
  const from = scan.at;
  while (scan.look(end) === undefined) {
    if (scan.isDone) scan.fail('a quoted text does not end');
    scan.at += 1;
  }
  return { text: scan.text.slice(from, scan.at) };
}

function expandable(scan: Scanner, nested: Nested, assigned: ReadonlySet<string>, isEnd: () => boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  while (!isEnd()) {
    if (scan.isDone) scan.fail('a quoted text does not end');
    if (scan.next === '`') literal += readEscape(scan);
    else {
      const variable = scan.next === '$' ? readVariable(scan, nested, assigned) : undefined;
      if (variable === undefined) {
        literal += scan.next;
        scan.at += 1;
      } else {
        pieces.push({ text: literal }, { ...variable, quoted: true });
        literal = '';
      }
    }
  }
  return [...pieces, { text: literal }];
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** At a backtick. */
export function readEscape(scan: Scanner): string {
  scan.at += 1;
  const code = scan.take(/u\{([0-9A-Fa-f]{1,6})\}/y)?.[1];
  if (code !== undefined) {
    const point = Number.parseInt(code, 16);
    return point > 0x10_ff_ff ? scan.fail('a character is out of range') : String.fromCodePoint(point);
  }
  const sign = scan.take(/\r?\n|[^]/y)?.[0];
  if (sign === undefined) return scan.fail('a backtick stands at the end');
  return escapes[sign] ?? (/[\r\n]/.test(sign) ? '' : sign);
}

/** At a `$`. `undefined`: it is only that sign. Does not read on to members. */
export function readVariable(scan: Scanner, nested: Nested, assigned: ReadonlySet<string>): Piece | undefined {
  if (scan.sees('$(')) {
    scan.at += 1;
    nested.group();
    return { text: undefined };
  }
  const name = scan.take(/\$(?:\{([^}]*)\}|((?:[\p{L}_][\p{L}\p{N}_]*:(?!:))?[\p{L}\p{N}_]+|[$?^]))/uy);
  if (name === undefined) return undefined;
  const variable = (name[1] ?? name[2] ?? '').toLowerCase();
  return { text: assigned.has(variable) || !isSymbol(variable) ? undefined : symbols[variable] };
}
