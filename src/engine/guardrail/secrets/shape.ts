import { lazyPattern, type LazyPattern } from '../lazy-pattern.ts';

/** A secret that is known by its own form, because who issues it starts it (or marks it) with a fixed text. */
export interface Shape {
  readonly kind: string;
  readonly label: string;
  /** Fixed texts, one of which stands in every such secret. */
  readonly marks: readonly string[];
  /**
   * What is tried where a mark was found. V8's engine, which is safe here: it is tried at that one place only, and every
   * repetition has an end or ends the form (a test holds us to that). If there is a group, that is the secret.
   */
  readonly form: LazyPattern;
  /** A wider form, for where it is safer to take too much for a secret than too little. */
  readonly loose: LazyPattern;
  /** How many characters of the secret stand before the mark: each of these is tried. */
  readonly back: readonly number[];
  /** Where it may begin: anywhere (only for marks that no ordinary text contains), not within a word, nor after `_` and `-`. */
  readonly begins: 'anywhere' | 'at-word' | 'at-run';
  readonly confidence: 'sure' | 'likely';
}

type Options = Partial<Pick<Shape, 'back' | 'begins' | 'confidence'>> & { readonly loose?: string };

/** A row of the tables. `marks` are separated by spaces; `~` in the form stands for `[A-Za-z0-9_-]`, `@` for `[A-Za-z0-9]`. */
export function shape(kind: string, label: string, marks: string, form: string, options: Options = {}): Shape {
  const { back = [0], begins = 'at-word', confidence = 'sure', loose = form } = options;
  return { kind, label, marks: marks.split(' '), form: pattern(form), loose: pattern(loose), back, begins, confidence };
}

function pattern(form: string): LazyPattern {
  return lazyPattern(() => form.replaceAll(/\\?[~@]/g, (sign) => classes[sign] ?? sign.slice(1)), 'y');
}

const classes: Readonly<Record<string, string>> = { '~': '[A-Za-z0-9_-]', '@': '[A-Za-z0-9]' };

export const uuid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
