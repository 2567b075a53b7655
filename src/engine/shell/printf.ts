import type { Word } from './analysis.ts';
import { anything, concat, unknownOutput } from './word-parts.ts';

/** What `printf FORMAT ARGUMENTS…` writes. Conversions other than text and whole numbers are unknown pieces. */
export function printed(args: readonly Word[]): Word {
  const [format, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (typeof format !== 'string') return unknownOutput;
  const items = readFormat(format);
  const perRound = items.filter((item) => item.kind !== 'text').length;
  const rounds = perRound === 0 ? 1 : Math.max(1, Math.ceil(rest.length / perRound));
  if (rounds > 64) return unknownOutput;
  const found: Word[] = [];
  let next = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const item of items) {
      if (item.kind === 'text') found.push(item.text);
      else found.push(convert(item.text, rest[next++] ?? ''));
    }
  return found.length === 0 ? '' : concat(found);
}

interface Item {
  readonly kind: 'text' | 'conversion';
  readonly text: string;
}

function readFormat(format: string): readonly Item[] {
  const items: Item[] = [];
  for (const match of format.matchAll(
    /%(%|[-+ #0]*\d*(?:\.\d+)?[A-Za-z])|\\(?:x[\dA-Fa-f]{1,2}|u[\dA-Fa-f]{1,4}|[0-7]{1,3}|[^])|[^%\\]+|[^]/g,
  )) {
    const text = match[0];
    if (match[1] === '%') items.push({ kind: 'text', text: '%' });
    else if (match[1] !== undefined) items.push({ kind: 'conversion', text });
    else items.push({ kind: 'text', text: text.length > 1 && text.startsWith('\\') ? unescape(text) : text });
  }
  return items;
}

function convert(conversion: string, value: Word): Word {
  if (conversion === '%s') return value;
  if (typeof value !== 'string') return { ...anything(conversion), many: true };
  if (conversion === '%b') return value.replaceAll(/\\(?:x[\dA-Fa-f]{1,2}|u[\dA-Fa-f]{1,4}|0?[0-7]{1,3}|[^])/g, unescape);
  if (conversion === '%d' || conversion === '%i') return /^-?\d+$/.test(value) ? value : anything(conversion);
  if (conversion === '%c') return value.slice(0, 1);
  return conversion === '%q' && /^[\w./-]+$/.test(value) ? value : anything(conversion);
}

const letters: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001B',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** One escape of `printf` and `echo -e`. */
function unescape(text: string): string {
  const body = text.slice(1);
  if (/^[xu][\dA-Fa-f]/.test(body)) return String.fromCodePoint(Number.parseInt(body.slice(1), 16));
  if (/^[0-7]/.test(body)) return String.fromCodePoint(Number.parseInt(body, 8));
  return Object.hasOwn(letters, body) ? (letters[body] ?? text) : text;
}
