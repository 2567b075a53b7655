import type { Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { optionValue, readOptions, type ReadOptions } from './options.ts';
import { concat, isKnown } from './word-parts.ts';
import { wrappers, type Wrapper } from './wrappers.ts';

/** What a program of the table of wrappers runs. */
export function wrapped({ name, args }: InnerQuestion): readonly Inner[] {
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined) return nothing;
  const start = begin(wrapper, args);
  if (start === undefined) return nothing;
  if (start === 'unknown') return unknownInner('what it runs is not known');
  const read = readOptions(start, { valued: wrapper.valued ?? '', ...(wrapper.assignments === true ? { assignments: true } : {}) });
  const command = positional(wrapper, read.rest);
  if (command === undefined) return nothing;
  if (command === 'unknown') return unknownInner('what it runs is not known');
  return [{ ...shared(wrapper, read), ...(wrapper.script === true ? scriptOf(command) : { kind: 'words', words: command }) }];
}

function begin(wrapper: Wrapper, args: readonly Word[]): readonly Word[] | 'unknown' | undefined {
  const { after, dashes } = wrapper;
  if (after !== undefined) {
    const at = args.findIndex((arg) => isKnown(arg) && !arg.startsWith('-'));
    const rest = args.slice(at);
    const wanted = after.split(' ');
    const found = isKnown(rest[0]) && wanted.includes(rest[0]);
    if (!found) return undefined;
    return dashes === true ? (behindDashes(rest) ?? rest.slice(2)) : rest.slice(1);
  }
  return dashes === true ? behindDashes(args) : args;
}

function behindDashes(args: readonly Word[]): readonly Word[] | undefined {
  const at = args.indexOf('--');
  return at < 0 || at === args.length - 1 ? undefined : args.slice(at);
}

/** Skips the words in front of the command. One that is not known is taken for one word only where it surely is. */
function positional({ positionals = 0 }: Wrapper, rest: readonly Word[]): readonly Word[] | 'unknown' | undefined {
  if (rest.length <= positionals)
    return rest.some((word) => !isKnown(word) && word.many && word.origin !== 'environment') ? 'unknown' : undefined;
  const skipped = rest.slice(0, positionals);
  if (skipped.some((word) => !isKnown(word) && word.many && word.origin !== 'environment')) return 'unknown';
  const words = rest.slice(positionals);
  return words[0] === '--' ? words.slice(1) : words;
}

function shared(wrapper: Wrapper, read: ReadOptions): Omit<Inner, 'kind'> {
  const directory = wrapper.directory === undefined ? undefined : optionValue(read, ...wrapper.directory.split(' '));
  return {
    ...(wrapper.same === true ? { same: true } : {}),
    ...(wrapper.privileged === true ? { privileged: true } : {}),
    ...(wrapper.elsewhere === true ? { elsewhere: true } : {}),
    ...(read.assignments.length > 0 ? { assignments: read.assignments } : {}),
    ...(directory === undefined ? {} : { directory }),
  };
}

function scriptOf(words: readonly Word[]): { readonly kind: 'script'; readonly text: Word } {
  return { kind: 'script', text: joinWords(words) };
}

/** The words with blanks between them, as `eval` and `ssh` put them together. */
export function joinWords(words: readonly Word[]): Word {
  return concat(words.flatMap((word, index) => (index === 0 ? [word] : [' ', word])));
}

/** Words as a text that a shell would read back as these words. */
export function quoteWords(words: readonly Word[]): Word {
  return concat(
    words.flatMap((word, index) => [...(index === 0 ? [] : [' ']), isKnown(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : word]),
  );
}
