import type { Word } from '../shell/analysis.ts';

/** What of an argument may name a file: the word itself, or the value of `--name=value`, `name=value` and `-Xvalue`. */
export function namedWords(arg: Word): readonly Word[] {
  if (typeof arg !== 'string') return [arg];
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(arg)) return arg.startsWith('file://') ? [arg.slice('file://'.length)] : [];
  const value = /^-{0,2}[A-Za-z][\w-]*=(.+)$/s.exec(arg)?.[1];
  if (value !== undefined) return [value, ...(arg.startsWith('-') ? [] : [arg])];
  if (arg.startsWith('--')) return [];
  if (arg.startsWith('-')) return arg.length > 3 && /[/~]/.test(arg) ? [arg.slice(2)] : [];
  return arg.startsWith('@') ? [arg, arg.slice(1)] : [arg];
}
