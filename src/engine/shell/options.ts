import type { Word } from './analysis.ts';
import { isKnown } from './word-parts.ts';

/** How a program's options are to be read. */
export interface OptionShape {
  /** Options that take the next word as their value, separated by blanks. */
  readonly valued: string;
  /** Whether `NAME=value` may stand among them. */
  readonly assignments?: boolean;
}

export interface ReadOptions {
  /** Each option with its value, in their order. */
  readonly options: readonly { readonly name: string; readonly value: Word | undefined }[];
  readonly assignments: readonly Word[];
  /** The words from the first that is no option. */
  readonly rest: readonly Word[];
}

/** The options in front of a command. A word that is not known ends them. */
export function readOptions(args: readonly Word[], shape: OptionShape): ReadOptions {
  const valued = ` ${shape.valued} `;
  const options: { readonly name: string; readonly value: Word | undefined }[] = [];
  const assignments: Word[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at];
    if (shape.assignments === true && isAssignment(arg)) {
      assignments.push(arg);
      continue;
    }
    if (!isKnown(arg) || !arg.startsWith('-') || arg === '-') break;
    if (arg === '--') {
      at += 1;
      break;
    }
    const read = readOption(arg, valued);
    options.push({ name: read.name, value: read.value ?? (read.takes ? args[at + 1] : undefined) });
    if (read.takes) at += 1;
  }
  while (shape.assignments === true && isAssignment(args[at])) {
    const arg = args[at];
    if (arg !== undefined) assignments.push(arg);
    at += 1;
  }
  return { options, assignments, rest: args.slice(at) };
}

/** `NAME=value`, its value known or not. */
function isAssignment(word: Word | undefined): word is Word {
  const text = isKnown(word) ? word : word?.many === false ? word.parts[0] : undefined;
  return text !== undefined && /^[A-Za-z_]\w*\+?=/.test(text);
}

function readOption(arg: string, valued: string): { readonly name: string; readonly value?: string; readonly takes: boolean } {
  if (valued.includes(` ${arg} `)) return { name: arg, takes: true };
  if (arg.startsWith('--')) {
    const equals = arg.indexOf('=');
    return equals < 0 ? { name: arg, takes: false } : { name: arg.slice(0, equals), value: arg.slice(equals + 1), takes: false };
  }
  // A cluster: the first letter that takes a value has the rest of it, or the next word.
  for (let at = 1; at < arg.length; at += 1) {
    const name = `-${arg[at]}`;
    if (valued.includes(` ${name} `))
      return at === arg.length - 1 ? { name, takes: true } : { name, value: arg.slice(at + 1), takes: false };
  }
  return { name: arg, takes: false };
}

/** The value of the first of some options; `undefined` when none is there. */
export function optionValue({ options }: ReadOptions, ...names: readonly string[]): Word | undefined {
  return options.find(({ name }) => names.includes(name))?.value;
}
