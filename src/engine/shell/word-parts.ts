import type { Origin, UnknownWord, Word } from './analysis.ts';

/** A word of which nothing is known: no word, one or several. */
export function anything(text: string, origin?: Origin): UnknownWord {
  return { parts: [undefined], many: true, names: false, text, ...(origin === undefined ? {} : { origin }) };
}

/** What a command writes whose output is not known. */
export const unknownOutput: UnknownWord = { parts: [undefined], many: true, names: false, text: '$(…)', origin: 'output' };

export function textOf(word: Word): string {
  return typeof word === 'string' ? word : word.text;
}

export function isKnown(word: Word | undefined): word is string {
  return typeof word === 'string';
}

/** Pieces past this many are one unknown piece: a word is no place to keep a whole log in. */
const maxParts = 64;
const maxLength = 262_144;

/** One text after the other. What is unknown in them stays unknown in the whole. */
export function concat(words: readonly Word[], text?: string): Word {
  if (words.length === 1 && words[0] !== undefined) return words[0];
  const parts: (string | undefined)[] = [];
  let unknown: UnknownWord | undefined;
  for (const word of words) {
    if (typeof word === 'string') addPart(parts, word);
    else {
      for (const part of word.parts) addPart(parts, part);
      unknown = unknown === undefined ? word : both(unknown, word);
    }
  }
  if (unknown === undefined) {
    const known = parts.join('');
    return known.length > maxLength ? anything('a very long text') : known;
  }
  return { ...unknown, parts: parts.length > maxParts ? [undefined] : parts, text: text ?? words.map(textOf).join('').slice(0, 200) };
}

/** Output dominates; only what comes from the environment alone is of the environment. */
export function originOf(a: Origin | undefined, b: Origin | undefined): Origin | undefined {
  return a === 'output' || b === 'output' ? 'output' : a === b ? a : undefined;
}

function both(a: UnknownWord, b: UnknownWord): UnknownWord {
  const origin = originOf(a.origin, b.origin);
  const { origin: _, ...rest } = a;
  return { ...rest, many: a.many || b.many, names: a.names && b.names, ...(origin === undefined ? {} : { origin }) };
}

function addPart(parts: (string | undefined)[], part: string | undefined): void {
  const last = parts.length - 1;
  if (parts.length > maxParts) return;
  if (part === '' && parts.length > 0) return;
  if (part !== undefined && parts[last] !== undefined) parts[last] += part;
  else if (part !== undefined && parts.length === 1 && parts[0] === '') parts[0] = part;
  else if (part !== undefined || parts.length === 0 || parts[last] !== undefined) parts.push(part);
}
