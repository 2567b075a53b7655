import { isNoPassword } from './worth.ts';

export type Range = readonly [start: number, end: number];

/** What stands between two marks, or right after one, and is not of one fixed form: blocks, addresses, command lines. */
export interface Marked {
  readonly kind: string;
  readonly label: string;
  readonly about: string;
  readonly marks: readonly string[];
  /** Where secrets are, given the place after the mark. Looks at a bounded part of the text, or at all of what it finds. */
  readonly find: (text: string, end: number, loose: boolean, memo: Memo) => readonly Range[];
  readonly confidence: 'sure' | 'likely';
  /** What a look costs, in steps of about a tenth of a microsecond, if it is more than a few. */
  readonly work?: number;
}

/** What one scan has learnt, so that it is not looked for again. */
export interface Memo {
  noEnd: boolean;
}

/** The first group of a form that begins here, if it is no placeholder. */
export function group(form: RegExp, text: string, at: number): readonly Range[] {
  form.lastIndex = at;
  const match = form.exec(text);
  const value = match?.[1];
  if (match === null || value === undefined || isNoPassword(value)) return [];
  const end = match.index + match[0].length;
  return [[end - value.length, end]];
}
