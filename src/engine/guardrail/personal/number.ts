import { lazyPattern, type LazyPattern } from '../lazy-pattern.ts';

/** A number that a person or an account has, and that proves itself. */
export interface PersonalNumber {
  readonly kind: string;
  readonly label: string;
  /** How it is written, from its first character on. Every repetition has an end. */
  readonly form: LazyPattern;
  /** Whether it proves itself, without spaces and punctuation and in upper case. */
  readonly check: (compact: string) => boolean;
  /** Finds words for it, in a text in lower case: near it, they make sure of it. */
  readonly words: LazyPattern;
  /** What it takes without a word near it: nothing (its form is like no other), a separator in it, or it counts only near a word. */
  readonly alone: 'sure' | 'likely' | 'separated' | 'never';
}

export function number(
  kind: string,
  label: string,
  form: string,
  words: string,
  alone: PersonalNumber['alone'],
  check: PersonalNumber['check'],
): PersonalNumber {
  return { kind, label, form: lazyPattern(() => `${form}(?![A-Za-z0-9])`, 'iy'), check, words: spoken(words), alone };
}

/** A short word has to stand for itself: "pan" is no part of "company". */
function spoken(words: string): LazyPattern {
  return lazyPattern(() => {
    const each = words.split('|').map((word) => (word.length > 4 ? word : `(?<![a-z])${word}(?![a-z])`));
    return each.join('|');
  }, '');
}
