import type { Invocation, Word } from '../shell/analysis.ts';
import { globalOptionsOf, programName } from './global-options.ts';

/** An argument as patterns look at it: an option, a word, or unknown. */
export interface Item {
  readonly kind: 'option' | 'word' | 'unknown';
  readonly text: string;
  readonly word: Word;
  /** A word right after an option may be that option's value. */
  readonly mayBeValue: boolean;
  /** The option whose value it is, where the program is known to take it so (`git -C DIR`). */
  readonly belongsTo?: string;
}

/** A command is held against many patterns: its arguments are read once. */
const knownItems = new WeakMap<Invocation, readonly Item[]>();

/** The arguments of a command in order, without the `--` that ends the options. */
export function itemsOf(invocation: Invocation): readonly Item[] {
  const found = knownItems.get(invocation) ?? readItems(invocation);
  knownItems.set(invocation, found);
  return found;
}

/** Every text that an argument may be read as, and whether some are unknown. */
export interface ArgumentTexts {
  readonly texts: ReadonlySet<string>;
  readonly unknown: boolean;
}

const knownTexts = new WeakMap<Invocation, ArgumentTexts>();

export function textsOf(invocation: Invocation): ArgumentTexts {
  const found = knownTexts.get(invocation) ?? readTexts(invocation);
  knownTexts.set(invocation, found);
  return found;
}

function readTexts(invocation: Invocation): ArgumentTexts {
  const items = itemsOf(invocation);
  return {
    texts: new Set(items.flatMap((item) => (item.kind === 'unknown' ? [] : textsOfItem(item)))),
    unknown: items.some(({ kind }) => kind === 'unknown'),
  };
}

/** A word is itself; an option may hold a value that counts as a word. */
export function textsOfItem(item: Item): readonly string[] {
  if (item.kind === 'word') return [item.text];
  const equals = item.text.indexOf('=');
  if (equals >= 0) return [item.text.slice(equals + 1)];
  return item.text.startsWith('--') ? [] : [item.text.slice(2)].filter(Boolean);
}

function readItems({ program, args }: Invocation): readonly Item[] {
  const globals = program === undefined ? undefined : globalOptionsOf(program);
  const items: Item[] = [];
  let ended = false;
  let subcommand = false;
  let before: Item | undefined;
  for (const arg of args) {
    if (arg === '--' && !ended) {
      ended = true;
      before = undefined;
      continue;
    }
    const takes = before?.kind === 'option' && (!subcommand || globals?.anywhere === true) && globals?.valued.has(before.text) === true;
    before = itemOf(arg, ended, before, takes);
    if (before.kind !== 'option' && before.belongsTo === undefined) subcommand = true;
    items.push(before);
  }
  return items;
}

export function isOption(text: string): boolean {
  return text.startsWith('-') && text.length > 1 && text !== '--';
}

function itemOf(arg: Word, ended: boolean, before: Item | undefined, takes: boolean): Item {
  const known = takes && before !== undefined ? { belongsTo: before.text } : {};
  const mayBeValue = before?.kind === 'option' && !before.text.includes('=') && !ended;
  if (typeof arg !== 'string') return { kind: 'unknown', text: arg.text, word: arg, mayBeValue, ...(arg.many ? {} : known) };
  if (!ended && !takes && isOption(arg)) return { kind: 'option', text: arg, word: arg, mayBeValue: false };
  return { kind: 'word', text: arg, word: arg, mayBeValue, ...known };
}

const knownNames = new WeakMap<Invocation, readonly string[]>();

/** What a program may be called in patterns; empty where it is not known. Where file names are not told apart by case, `RM` is `rm`. */
export function namesOf(invocation: Invocation): readonly string[] {
  const found = knownNames.get(invocation) ?? readNames(invocation);
  knownNames.set(invocation, found);
  return found;
}

function readNames({ program }: Invocation): readonly string[] {
  if (program === undefined) return [];
  const name = programName(program);
  const lower = name.toLowerCase();
  return name === lower ? [name] : [name, lower];
}
