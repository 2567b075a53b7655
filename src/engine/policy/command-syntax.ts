import { isOption } from './command-items.ts';
import { BadGlob, compileGlob, expandBraces, type Glob } from './glob.ts';

export interface PatternWord {
  readonly text: string;
  readonly glob: Glob;
  /** The option right before it, whose value it may be meant as: `-n` in `kubectl ** -n prod*`. */
  readonly after?: string;
}

export interface OptionPattern extends PatternWord {
  /** `-rf` as its letters: each may stand in any cluster. */
  readonly letters: readonly string[];
  /** `--name=value`: the parts on both sides. */
  readonly value?: PatternWord & { readonly name: string };
}

export interface CommandPattern {
  readonly source: string;
  readonly program: PatternWord & { readonly withPath: boolean };
  readonly options: readonly OptionPattern[];
  readonly words: readonly ArgumentPattern[];
  /** One of these stands among the arguments of every command that is meant. */
  readonly needs?: readonly string[];
}

/** `undefined` stands for `**`. */
export type ArgumentPattern = PatternWord | undefined;

const maxVariants = 64;

/**
 * A pattern, or several that together mean it: `curl {-T,--upload-file}` is about two options, which are looked for in other ways than
 * words are. Throws `BadGlob` with what is wrong.
 */
export function compileCommandPatterns(source: string): readonly CommandPattern[] {
  let variants: readonly (readonly string[])[] = [[]];
  for (const text of splitWords(source)) {
    const choices = choicesOf(text);
    variants = variants.flatMap((words) => choices.map((choice) => [...words, choice]));
    if (variants.length > maxVariants) throw new BadGlob(`"${source}" has more than ${maxVariants} alternatives`);
  }
  return variants.map((words) => compileWords(source, words));
}

/** Only where an option is among them: words and programs may stay together. */
function choicesOf(text: string): readonly string[] {
  const choices = text.includes('{') ? expandBraces(text) : [text];
  return choices.some(isOption) ? choices : [text];
}

function compileWords(source: string, [program, ...rest]: readonly string[]): CommandPattern {
  if (program === undefined) throw new BadGlob('a command pattern needs a program');
  if (program.startsWith('-') || program === '**') throw new BadGlob(`"${source}" must begin with a program`);
  // As in a command: behind `--`, nothing is an option.
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length;
  const [before, after] = [rest.slice(0, end), rest.slice(end + 1)];
  const words = [
    ...before.flatMap((text, index) => (isOption(text) ? [] : [argument(text, before[index - 1])])),
    ...after.map((text) => argument(text, undefined)),
  ];
  return {
    source,
    program: { ...word(program), withPath: program.includes('/') },
    options: before.filter(isOption).map(option),
    words,
    ...wordNeeded(words),
  };
}

/** What has to stand among the arguments, whatever else does: a choice of words without wildcards. */
function wordNeeded(words: readonly ArgumentPattern[]): { readonly needs?: readonly string[] } {
  const choices = words.map((one) => (one === undefined ? [] : expandBraces(one.text)));
  const needs = choices.find((choice) => choice.length > 0 && choice.every((text) => /^[\w.:/@=+-]+$/.test(text)));
  return needs === undefined ? {} : { needs };
}

function argument(text: string, before: string | undefined): ArgumentPattern {
  if (text === '**') return undefined;
  return before !== undefined && isOption(before) ? { ...word(text), after: before } : word(text);
}

function option(text: string): OptionPattern {
  const equals = text.indexOf('=');
  const letters = /^-[A-Za-z0-9]+$/.test(text) ? text.slice(1).split('') : [];
  if (equals < 0 || !text.startsWith('--')) return { ...word(text), letters };
  return { ...word(text), letters, value: { ...word(text.slice(equals + 1)), name: text.slice(0, equals) } };
}

function word(text: string): PatternWord {
  const glob = compileGlob(text);
  expandBraces(text);
  return { text, glob };
}

/** Words as a shell splits them; quotes keep blanks together. */
function splitWords(source: string): readonly string[] {
  const words: string[] = [];
  const pattern = /\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)/gy;
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    words.push(
      (match[1] ?? '').replaceAll(
        /"([^"]*)"|'([^']*)'/g,
        (_, double: string | undefined, single: string | undefined) => double ?? single ?? '',
      ),
    );
    at = match.index + match[0].length;
  }
  if (source.slice(at).trim() !== '') throw new BadGlob(`"${source}" has a quote without its end`);
  return words;
}
