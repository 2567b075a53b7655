import type { CommandAnalysis, Invocation, Word } from '../shell/analysis.ts';
import { itemsOf, type Item, textsOf, textsOfItem, namesOf } from './command-items.ts';
import { programName } from './global-options.ts';
import type { ArgumentPattern, CommandPattern, OptionPattern, PatternWord } from './command-syntax.ts';
import { couldMatchGlob } from './glob.ts';

/** How a pattern is to be read: rules that tighten match what may be, rules that loosen only what is certain. */
export type Certainty = 'possible' | 'certain';

/** Whether one simple command matches. `home` is what `~` in a pattern stands for. */
export function matchesInvocation(pattern: CommandPattern, invocation: Invocation, certainty: Certainty): boolean {
  if (!matchesProgram(pattern, invocation, certainty) || !hasNeeded(pattern, invocation)) return false;
  const items = itemsOf(invocation);
  if (!pattern.options.every((wanted) => hasOption(wanted, items, certainty))) return false;
  return certainty === 'certain' ? startsWithWords(pattern.words, certainItems(items)) : couldStartWith(pattern.words, items);
}

/** Of the many patterns about one program, this spares nearly all the walk through the arguments. */
function hasNeeded({ needs }: CommandPattern, invocation: Invocation): boolean {
  if (needs === undefined) return true;
  const { texts, unknown } = textsOf(invocation);
  return unknown || needs.some((text) => texts.has(text));
}

/** Wrappers under which a command is still what it is. */
const harmlessWrappers = new Set([
  'timeout',
  'gtimeout',
  'nice',
  'ionice',
  'nohup',
  'time',
  'command',
  'stdbuf',
  'sh',
  'bash',
  'zsh',
  'dash',
  'setsid',
  'caffeinate',
]);

/** What a document says of commands whose program is wholly unknown: whether its patterns may be about them. */
export type UnknownPrograms = 'match' | 'ignore';

/** Whether some simple command could match: for rules that deny or ask. */
export function anyCommandMatches(
  patterns: readonly CommandPattern[] | ((invocation: Invocation) => readonly CommandPattern[]),
  analysis: CommandAnalysis,
  unknownPrograms: UnknownPrograms = 'match',
): boolean {
  const patternsFor = typeof patterns === 'function' ? patterns : () => patterns;
  return analysis.invocations.some(
    (invocation) =>
      (invocation.program !== undefined || unknownPrograms === 'match') &&
      patternsFor(invocation).some((pattern) => matchesInvocation(pattern, invocation, invocation.fromFile ? 'certain' : 'possible')),
  );
}

/**
 * Whether every simple command surely matches one of the patterns: for rules that allow or abstain. A command behind
 * `sudo`, in a changed environment or with its output in a file is more than its words say; the last is fine where
 * the rule also says which paths may be written (`filesJudged`).
 */
export function allCommandsMatch(patterns: readonly CommandPattern[], analysis: CommandAnalysis, filesJudged: boolean): boolean {
  if (!analysis.parsed || analysis.invocations.length === 0) return false;
  const certain = (invocation: Invocation): boolean => patterns.some((pattern) => matchesInvocation(pattern, invocation, 'certain'));
  return analysis.invocations.every((invocation) => {
    if (invocation.disguised) return false;
    if (!filesJudged && invocation.files.some((file) => file.mode === 'write')) return false;
    if (invocation.isWrapper) return harmlessWrappers.has(programName(invocation.program ?? '')) || certain(invocation);
    return certain(invocation);
  });
}

function matchesProgram(pattern: CommandPattern, invocation: Invocation, certainty: Certainty): boolean {
  const { program, args } = invocation;
  if (program === undefined) return certainty === 'possible' && (args.length > 0 || pattern.words.length + pattern.options.length === 0);
  const { glob, withPath } = pattern.program;
  if (withPath) return glob(program) || (certainty === 'possible' && glob(program.toLowerCase()));
  const [name = '', lower] = namesOf(invocation);
  return glob(name) || (certainty === 'possible' && lower !== undefined && glob(lower));
}

function hasOption(wanted: OptionPattern, items: readonly Item[], certainty: Certainty): boolean {
  const options = items.filter((item) => item.kind === 'option').map((item) => item.text);
  if (certainty === 'possible' && items.some((item) => item.kind === 'unknown' && couldBe(item.word, wanted))) return true;
  if (options.some(wanted.glob)) return true;
  if (wanted.letters.length > 0) return wanted.letters.every((letter) => options.some((text) => hasLetter(text, letter)));
  if (wanted.value !== undefined) return hasValue(wanted.value, items);
  return wanted.text.startsWith('--') && options.some((text) => text.includes('=') && wanted.glob(text.slice(0, text.indexOf('='))));
}

/** `-rf` has r and f. What follows `=` or a non-letter is a value, not a cluster. */
function hasLetter(text: string, letter: string): boolean {
  return !text.startsWith('--') && (/^-([A-Za-z0-9?@#]+)/.exec(text)?.[1] ?? '').includes(letter);
}

/** `--name=value` also written as two words. */
function hasValue(value: NonNullable<OptionPattern['value']>, items: readonly Item[]): boolean {
  return items.some(
    (item, index) =>
      item.kind === 'option' && item.text === value.name && items[index + 1]?.kind === 'word' && value.glob(items[index + 1]?.text ?? ''),
  );
}

function couldBe(found: Word, wanted: OptionPattern): boolean {
  if (typeof found === 'string') return false;
  if (found.many && !found.names) return true;
  const first = found.parts[0];
  if (first !== undefined && first !== '' && !first.startsWith('-')) return false;
  return (
    couldMatchGlob(wanted.text, found.parts) ||
    (wanted.letters.length > 0 && couldMatchGlob('-*', found.parts)) ||
    (wanted.text.startsWith('--') && couldMatchGlob(`${wanted.text}=*`, found.parts))
  );
}

function certainItems(items: readonly Item[]): readonly Item[] {
  // Nothing after an unknown argument has a certain place.
  const unknown = items.findIndex((item) => item.kind === 'unknown');
  return (unknown < 0 ? items : items.slice(0, unknown)).filter((item) => item.kind !== 'option');
}

/** A value that is known to be one can be left out, and is met only by a word that the pattern puts behind the same option. */
function startsWithWords(pattern: readonly ArgumentPattern[], items: readonly Item[]): boolean {
  const [first, ...rest] = pattern;
  if (pattern.length === 0) return true;
  if (first === undefined) return rest.length === 0 || items.some((_, index) => startsWithWords(rest, items.slice(index)));
  const [item, ...others] = items;
  if (item === undefined) return false;
  const meets = first.glob(item.text) && (item.belongsTo === undefined || item.belongsTo === first.after);
  return (meets && startsWithWords(rest, others)) || (item.belongsTo !== undefined && startsWithWords(pattern, others));
}

/** Walks all readings at once: a word after an option may be its value, an inline value may be a word, the unknown may be anything. */
function couldStartWith(pattern: readonly ArgumentPattern[], items: readonly Item[]): boolean {
  let states = close(new Set([0]), pattern);
  for (const item of items) {
    if (states.has(pattern.length)) return true;
    states = close(advance(states, item, pattern), pattern);
  }
  return states.has(pattern.length);
}

function advance(states: ReadonlySet<number>, item: Item, pattern: readonly ArgumentPattern[]): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const wanted = pattern[state];
    const skippable = item.kind === 'option' || item.mayBeValue || item.belongsTo !== undefined;
    if (skippable || (state < pattern.length && wanted === undefined)) next.add(state);
    if (item.kind === 'unknown') unknownSteps(item.word, state, pattern).forEach((to) => next.add(to));
    else if (wanted !== undefined && mayStandFor(item, wanted, pattern, state) && textsOfItem(item).some(wanted.glob)) next.add(state + 1);
  }
  return next;
}

/** The value of a known option is no subcommand; behind `**` it may be what is meant. */
function mayStandFor(item: Item, wanted: PatternWord, pattern: readonly ArgumentPattern[], state: number): boolean {
  return item.belongsTo === undefined || item.belongsTo === wanted.after || pattern.slice(0, state).includes(undefined);
}

function unknownSteps(found: Word, state: number, pattern: readonly ArgumentPattern[]): readonly number[] {
  if (typeof found === 'string') return [];
  const wanted = pattern[state];
  if (found.many && found.parts.every((part) => part === undefined))
    return pattern
      .map((_, index) => index + 1)
      .filter((index) => index > state)
      .concat(state);
  const one = wanted !== undefined && couldMatchGlob(wanted.text, found.parts) ? [state + 1] : [];
  const asOption = found.parts[0] === undefined || found.parts[0].startsWith('-') || found.many ? [state] : [];
  return [...one, ...asOption];
}

function close(states: Set<number>, pattern: readonly ArgumentPattern[]): Set<number> {
  for (const state of states) if (state < pattern.length && pattern[state] === undefined) states.add(state + 1);
  return states;
}
