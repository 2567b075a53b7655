import type { Origin, UnknownWord } from './analysis.ts';

/** Characters that stand for a piece that is not known in a text that is read as a script. They belong to nobody. */
const marks: Readonly<Record<Origin | 'other', string>> = { environment: '\uE0F0', output: '\uE0F1', other: '\uE0F2' };
export const placeholder = /[\uE0F0-\uE0F2]/;

/** The text of a script with a mark in place of what is not known. */
export function placeholders({ parts, origin }: UnknownWord): string {
  return parts.map((part) => part ?? marks[origin ?? 'other']).join('');
}

/** A text as a person may see it. */
export function withoutPlaceholders(text: string): string {
  return placeholder.test(text) ? text.replaceAll(/[\uE0F0-\uE0F2]/g, '…') : text;
}

interface KnownOrNot {
  readonly text: string | undefined;
  readonly origin?: Origin;
}

/** The known and unknown pieces of a text with marks in it. */
export function splitPlaceholders(text: string): readonly KnownOrNot[] {
  return text
    .split(/([\uE0F0-\uE0F2])/)
    .filter((piece) => piece !== '')
    .map(pieceOf);
}

function pieceOf(piece: string): KnownOrNot {
  if (!placeholder.test(piece)) return { text: piece };
  if (piece === marks.environment) return { text: undefined, origin: 'environment' };
  return piece === marks.output ? { text: undefined, origin: 'output' } : { text: undefined };
}
