import type { Word } from '../analysis.ts';

/**
 * The words of a program as a text for the analysis of shells, which knows what `sudo`, `npm run` or `python -c` run. Quoted, so that
 * nothing in them is taken for more than a word; what is not known stays a variable that nobody sets.
 */
export function shellText(words: readonly Word[]): string {
  return words.map((word) => (typeof word === 'string' ? quoted(word) : unknownWord(word))).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function unknownWord({ parts, many, names }: Exclude<Word, string>): string {
  const open = names ? '*' : many ? '$UNKNOWN' : '"$UNKNOWN"';
  return parts.map((part) => (part === undefined ? open : quoted(part))).join('');
}
