import type { CommandPattern, OptionPattern, PatternWord } from '../command-syntax.ts';
import { compileGlob, expandBraces } from '../glob.ts';

/** Whether all that one pattern matches is matched by another as well. In doubt it is not. */

/** A character that no policy writes: what `*` of a pattern matches, matches this. */
const anything = '\ue000';

export function globCovers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  const glob = compileGlob(wide);
  return expandBraces(narrow).every((one) => {
    if (/[?[\\]/.test(one)) return wide === one;
    // `?` and classes of the wider one could take the place holder for one character.
    if (one.includes('*') && /[?[]/.test(wide)) return false;
    return glob(one.replaceAll(/\*+/g, anything));
  });
}

/** Each list is one pattern as it was compiled. */
export function commandCovers(wide: readonly CommandPattern[], narrow: readonly CommandPattern[]): boolean {
  return narrow.every((inner) => wide.some((outer) => patternCovers(outer, inner)));
}

function patternCovers(outer: CommandPattern, inner: CommandPattern): boolean {
  return (
    outer.program.withPath === inner.program.withPath &&
    globCovers(outer.program.text, inner.program.text) &&
    outer.options.every((option) => inner.options.some((other) => optionCovers(option, other))) &&
    wordsCover(outer.words, inner.words)
  );
}

/** `-r` is in every command that has `-rf`. */
function optionCovers(wide: OptionPattern, narrow: OptionPattern): boolean {
  if (wide.text === narrow.text) return true;
  return wide.letters.length > 0 && narrow.letters.length > 0 && wide.letters.every((letter) => narrow.letters.includes(letter));
}

/** Arguments may follow, so a shorter pattern is the wider one. */
function wordsCover(wide: CommandPattern['words'], narrow: CommandPattern['words']): boolean {
  return wide.every((word, index) => wordCovers(word, narrow, index));
}

function wordCovers(word: PatternWord | undefined, narrow: CommandPattern['words'], index: number): boolean {
  const other = narrow[index];
  if (index >= narrow.length || word === undefined || other === undefined) return index < narrow.length && word === other;
  return word.after === other.after && globCovers(word.text, other.text);
}

/** A folder covers what is in it. Anything with wildcards covers only itself. */
export function pathCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const folder = wide.replace(/\/(\*\*)?$/, '');
  const plain = !/[!*?[{\\]/.test(folder.replace(/^\$\{\w+\}/, ''));
  return folder !== '' && plain && narrow.startsWith(`${folder}/`) && !narrow.includes('..');
}
