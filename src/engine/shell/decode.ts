import type { Word } from './analysis.ts';
import { isKnown } from './word-parts.ts';

const maxLength = 65_536;

/** The programs that `decode` knows. */
export const decoding: ReadonlySet<string> = new Set(['base64', 'gbase64', 'openssl', 'xxd', 'rev', 'tac', 'tr', 'sed', 'head', 'tail']);

/** What a filter makes of a known input: `base64 -d`, `xxd -r -p`, `rev`, `tr`, simple `sed`, `head`, `tail`; else `undefined`. */
export function decode(name: string, args: readonly Word[], input: Word | undefined): Word | undefined {
  if (!isKnown(input) || input.length > maxLength || !args.every(isKnown)) return undefined;
  switch (name) {
    case 'base64':
    case 'gbase64':
      return args.some((arg) => /^-(d|D|-decode|di|id)$/.test(arg)) ? fromBase64(input) : encoded(input, args);
    case 'openssl':
      return args.includes('-d') && (args[0] === 'base64' || args.includes('-base64') || args.includes('-a')) && !args.includes('-k')
        ? fromBase64(input)
        : undefined;
    case 'xxd':
      return /^-(r|p|rp|pr|ps)+$/.test(args.join('').replaceAll(/(?!^)-/g, '')) &&
        args.join('').includes('r') &&
        args.join('').includes('p')
        ? fromHex(input)
        : undefined;
    case 'rev':
      return input.replaceAll(/[^\n]+/g, (line) => Array.from(line).toReversed().join(''));
    case 'tac':
      return `${input.replace(/\n$/, '').split('\n').toReversed().join('\n')}\n`;
    case 'tr':
      return translate(args, input);
    case 'sed':
      return substitute(args, input);
    case 'head':
    case 'tail':
      return lines(name, args, input);
    default:
      return undefined;
  }
}

function fromBase64(input: string): string | undefined {
  const text = input.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return decodeUtf8(
    Uint8Array.from(atob(text.length % 4 === 1 ? '' : text.padEnd(Math.ceil(text.length / 4) * 4, '=')), (char) => char.charCodeAt(0)),
  );
}

function encoded(input: string, args: readonly string[]): string | undefined {
  if (args.length > 0 || /[^\0-~]/.test(input)) return undefined;
  return `${btoa(input).replaceAll(/.{76}/g, '$&\n')}\n`;
}

function fromHex(input: string): string | undefined {
  const text = input.replaceAll(/\s/g, '');
  if (text.length % 2 === 1 || !/^[\dA-Fa-f]*$/.test(text)) return undefined;
  return decodeUtf8(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const classes: Readonly<Record<string, string>> = {
  '[:lower:]': 'a-z',
  '[:upper:]': 'A-Z',
  '[:digit:]': '0-9',
  '[:alpha:]': 'A-Za-z',
  '[:space:]': ' \\t\\n\\r',
};

/** `tr SET SET` and `tr -d SET`, with ranges and the common classes. */
function translate(args: readonly string[], input: string): string | undefined {
  const options = args.filter((arg) => /^-[a-zA-Z]+$/.test(arg));
  const sets = args.filter((arg) => !/^-[a-zA-Z]+$/.test(arg)).map(letters);
  const [from, to] = sets;
  if (from === undefined || options.length > 1) return undefined;
  if (options[0] === '-d' && sets.length === 1)
    return Array.from(input)
      .filter((char) => !from.includes(char))
      .join('');
  if (options.length > 0 || to === undefined || to.length === 0) return undefined;
  return Array.from(input)
    .map((char) => (from.includes(char) ? (to[from.lastIndexOf(char)] ?? to.at(-1)) : char))
    .join('');
}

function letters(set: string): string[] | undefined {
  const plain = Object.entries(classes).reduce((text, [name, range]) => text.replaceAll(name, range), set);
  if (/[[\]]/.test(plain)) return undefined;
  const chars = [...plain.matchAll(/\\(?:[0-7]{1,3}|[^])|[^]/g)].map(([char]) => unescaped(char));
  const found: string[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const [from = '', to] = [chars[at], chars[at + 1] === '-' ? chars[at + 2] : undefined];
    if (to === undefined) found.push(from);
    else {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) found.push(String.fromCharCode(code));
      at += 2;
    }
  }
  return found;
}

function unescaped(char: string): string {
  if (char.length === 1) return char;
  const named: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\r': '\r' };
  return /^\\[0-7]/.test(char) ? String.fromCharCode(Number.parseInt(char.slice(1), 8)) : (named[char] ?? char.slice(1));
}

/** `sed s/text/text/g` with texts that mean themselves. */
function substitute(args: readonly string[], input: string): string | undefined {
  const script = args.length === 1 ? args[0] : args.length === 2 && (args[0] === '-e' || args[0] === '-E') ? args[1] : undefined;
  const match = /^(s|y)([/|#,:@!])(.*?)\2(.*?)\2(g?)$/s.exec(script ?? '');
  if (match?.[3] === undefined || match[4] === undefined || match[1] === 'y') return undefined;
  if (/[\\^$.*+?()[\]{}|&]/.test(match[3]) || /[\\&]/.test(match[4])) return undefined;
  const [from, to] = [match[3], match[4]];
  return from === ''
    ? undefined
    : input.replaceAll(/[^\n]+/g, (line) => (match[5] === 'g' ? line.replaceAll(from, () => to) : line.replace(from, () => to)));
}

function lines(name: string, args: readonly string[], input: string): string | undefined {
  const count = /^-(?:n ?)?(\d+)$/.exec(args.join(' '))?.[1];
  if (count === undefined) return args.length === 0 && input.split('\n').length <= 10 ? input : undefined;
  const all = input.replace(/\n$/, '').split('\n');
  const kept = name === 'head' ? all.slice(0, Number(count)) : all.slice(-Number(count));
  return `${kept.join('\n')}\n`;
}
