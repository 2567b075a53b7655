import type { Invocation } from '../shell/analysis.ts';
import { itemsOf } from './command-items.ts';
import { compileCommandPatterns } from './command-syntax.ts';
import { programName } from './global-options.ts';

/** The command as it is written. Where a part of it is unknown, or would have another meaning in a pattern, there is none. */
export function exactPattern(invocation: Invocation): string | undefined {
  const { program, args } = invocation;
  if (program === undefined || args.some((arg) => typeof arg !== 'string')) return undefined;
  const words = [programName(program), ...args.filter((arg) => typeof arg === 'string')].map(patternWord);
  const text = words.every((word) => word !== undefined) ? words.join(' ') : undefined;
  return text !== undefined && text.length <= 1000 && !words.includes('--') && isPattern(text) ? text : undefined;
}

/** Program and subcommand: `git push`; of a program without one, its name. */
export function shortPattern(invocation: Invocation): string | undefined {
  const { program } = invocation;
  const name = program === undefined ? undefined : patternWord(programName(program));
  if (name === undefined) return undefined;
  const subcommand = subcommandOf(invocation);
  const text = subcommand === undefined ? name : `${name} ${subcommand}`;
  return isPattern(text) ? text : undefined;
}

export function subcommandOf(invocation: Invocation): string | undefined {
  const first = itemsOf(invocation).find((item) => item.kind !== 'option' && item.belongsTo === undefined);
  return first?.kind === 'word' && !first.mayBeValue && /^[a-z][a-z0-9:-]*$/.test(first.text) ? first.text : undefined;
}

function isPattern(text: string): boolean {
  try {
    compileCommandPatterns(text);
    return true;
  } catch {
    return false;
  }
}

/** A word of a command in the words of a pattern; `undefined` where it cannot be said. */
function patternWord(word: string): string | undefined {
  if (word === '' || word === '**' || /[\n\r\0]/.test(word)) return undefined;
  const text = literal(word);
  if (!/[\s"']/.test(text)) return text;
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? undefined : `'${text}'`;
}

/** The text with everything escaped that a pattern would take for more than itself. */
export function literal(text: string): string {
  return text.replaceAll(/[\\*?[\]{},!]/g, String.raw`\$&`);
}
