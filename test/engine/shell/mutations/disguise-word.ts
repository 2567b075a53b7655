import type { Random } from './random.ts';

/** Another spelling of the same word. */
export function disguiseWord(word: string, random: Random): string {
  return random.pick(disguises)(word, random);
}

type Disguise = (word: string, random: Random) => string;

const disguises: readonly Disguise[] = [
  (word) => `'${word}'`,
  (word) => `"${word}"`,
  (word) =>
    Array.from(word)
      .map((letter) => (/[a-z]/.test(letter) ? `\\${letter}` : letter))
      .join(''),
  (word) =>
    Array.from(word)
      .map((letter) => `"${letter}"`)
      .join(''),
  (word, random) => split(word, random, "''"),
  (word, random) => split(word, random, '""'),
  (word, random) => split(word, random, '\\\n'),
  (word, random) => split(word, random, '$@'),
  (word, random) => split(word, random, '${nothing}'),
  (word, random) => split(word, random, '$(:)'),
  (word, random) => split(word, random, '``'),
  (word, random) => split(word, random, "$''"),
  (word, random) => cut(word, random, (a, b) => `'${a}'"${b}"`),
  (word, random) => cut(word, random, (a, b) => `${a}'${b}'`),
  (word, random) => cut(word, random, (a, b) => `"${a}"$'${b}'`),
  (word, random) => cut(word, random, (a, b) => `${a}\${z:-${b}}`),
  (word) => `$'${codes(word, (code) => `\\x${code.toString(16)}`)}'`,
  (word) => `$'${codes(word, (code) => `\\${code.toString(8)}`)}'`,
  (word) => `$'${codes(word, (code) => `\\u${code.toString(16).padStart(4, '0')}`)}'`,
  (word) => `$'${codes(word.slice(0, 1), (code) => `\\x${code.toString(16)}`)}'${word.slice(1)}`,
  (word) => `$"${word}"`,
  (word) => `\${nothing-${word}}`,
  (word) => `$(echo ${word})`,
  (word) => `"$(printf %s ${word})"`,
];

function split(word: string, random: Random, between: string): string {
  return cut(word, random, (a, b) => `${a}${between}${b}`);
}

function cut(word: string, random: Random, join: (a: string, b: string) => string): string {
  const at = 1 + random.below(Math.max(1, word.length - 1));
  return join(word.slice(0, at), word.slice(at));
}

function codes(text: string, code: (of: number) => string): string {
  return Array.from(Buffer.from(text)).map(code).join('');
}
