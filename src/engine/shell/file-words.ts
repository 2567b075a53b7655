import type { CommandAnalysis, FileUse, Invocation, Word } from './analysis.ts';
import { namesItsFiles } from './powershell/cmdlets.ts';
import { baseName } from './programs.ts';

/** A word that may name a file. `either`: it is not known whether it is read or written. */
export interface FileWord {
  readonly mode: 'read' | 'write' | 'either';
  readonly word: Word;
}

/** Every word of a text that may name a file. Texts that are only printed are left out, and so are search expressions. */
export function fileWords(analysis: CommandAnalysis): readonly FileWord[] {
  return [
    ...analysis.invocations.flatMap(wordsOf),
    ...analysis.directories.map((word): FileWord => ({ mode: 'read', word })),
    ...analysis.mentions.map((word): FileWord => ({ mode: 'either', word })),
  ];
}

const printing = new Set(['echo', 'printf', ':', 'true', 'false', 'exit', 'return', 'export', 'kill', 'sleep']);
const reading = new Set([
  'cat',
  'less',
  'more',
  'head',
  'tail',
  'ls',
  'grep',
  'egrep',
  'fgrep',
  'rg',
  'wc',
  'stat',
  'file',
  'diff',
  'cmp',
  'md5sum',
  'sha256sum',
  'shasum',
  'cd',
  'pushd',
  'jq',
  'tree',
  'du',
  'od',
  'xxd',
  'hexdump',
  'strings',
  'bat',
  'nl',
  'readlink',
  'realpath',
  'awk',
  'countersign',
]);
const readingGit = new Set([
  'add',
  'commit',
  'diff',
  'log',
  'show',
  'status',
  'blame',
  'grep',
  'push',
  'fetch',
  'branch',
  'tag',
  'ls-files',
]);
/** The first word is an expression, not a file. */
const searching = new Set(['grep', 'egrep', 'fgrep', 'rg', 'sed', 'awk', 'jq']);

function wordsOf(invocation: Invocation): readonly FileWord[] {
  const name = baseName(invocation.program ?? '');
  if (invocation.isWrapper || printing.has(name) || namesItsFiles(name)) return invocation.files.map(fileWord);
  const mode = readsOnly(name, invocation.args) ? 'read' : 'either';
  const args = searching.has(name) ? withoutExpression(invocation.args) : invocation.args;
  const own = args.flatMap((arg) => valuesOf(arg).map((word): FileWord => ({ mode, word })));
  const program: readonly FileWord[] = invocation.program?.includes('/') === true ? [{ mode: 'read', word: invocation.program }] : [];
  return [...program, ...own, ...invocation.files.map(fileWord)];
}

function fileWord({ mode, target }: FileUse): FileWord {
  return { mode: mode === 'delete' ? 'write' : mode, word: target };
}

function readsOnly(name: string, args: readonly Word[]): boolean {
  if (name !== 'git') return reading.has(name);
  const command = args.find((arg) => typeof arg !== 'string' || !arg.startsWith('-'));
  return typeof command === 'string' && readingGit.has(command);
}

function withoutExpression(args: readonly Word[]): readonly Word[] {
  if (args.some((arg) => typeof arg === 'string' && /^-[a-zA-Z]*[ef]$|^--(regexp|file|expression)/.test(arg))) return args;
  const at = args.findIndex((arg) => typeof arg !== 'string' || !arg.startsWith('-'));
  return at < 0 ? args : args.toSpliced(at, 1);
}

/** The word itself, or the value of `--name=value`, `name=value` and `-Xvalue`. */
function valuesOf(arg: Word): readonly Word[] {
  if (typeof arg !== 'string') return [arg];
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(arg)) return arg.startsWith('file://') ? [arg.slice('file://'.length)] : [];
  const value = /^-{0,2}[A-Za-z][\w-]*=(.+)$/s.exec(arg)?.[1];
  if (value !== undefined) return [value, ...(arg.startsWith('-') ? [] : [arg])];
  if (arg.startsWith('--')) return [];
  if (arg.startsWith('-')) return arg.length > 3 && /[/~]/.test(arg) ? [arg.slice(2)] : [];
  return arg.startsWith('@') ? [arg, arg.slice(1)] : [arg];
}
