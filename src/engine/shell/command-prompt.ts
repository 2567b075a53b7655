import type { Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { isKnown } from './word-parts.ts';

/** Switches up to `/c`, `/k` or `/r`, and with the command at once: `/cdel`. Shells of Unix on Windows write `//c`. */
const runsCommand = /^(?:\/{1,2}[abdefqstuv](?::\w+)?)*\/{1,2}[ckr](.*)$/is;

/** `cmd /c TEXT`: read as the shell text that does the same, where it has nothing in it but words, quotes and operators. */
export function commandPromptInner({ args, piped }: InnerQuestion): readonly Inner[] {
  const at = args.findIndex((arg) => isKnown(arg) && runsCommand.test(arg));
  if (at < 0) return piped ? unknownInner('what is piped into cmd is run') : nothing;
  const attached = runsCommand.exec(textAt(args, at))?.[1] ?? '';
  const words: readonly Word[] = [...(attached === '' ? [] : [attached]), ...args.slice(at + 1)];
  if (words.length === 0) return nothing;
  if (!words.every(isKnown)) return unknownInner('the command for cmd is not known before it runs');
  const script = shellScript(words.map((word) => (words.length > 1 && /\s/.test(word) ? `"${word}"` : word)).join(' '));
  return script === undefined ? unknownInner('the command for cmd has more in it than plain words') : [{ kind: 'script', text: script }];
}

function textAt(args: readonly Word[], at: number): string {
  const arg = args[at];
  return isKnown(arg) ? arg : '';
}

const values: Readonly<Record<string, string>> = { userprofile: '~', homepath: '~', temp: '/tmp', tmp: '/tmp', cd: '.' };
const names: Readonly<Record<string, string>> = {
  type: 'cat',
  md: 'mkdir',
  chdir: 'cd',
  call: 'command',
  set: ':',
  title: ':',
  rem: ':',
  ver: ':',
};

/** `del/q x`, `rd,x`: what follows the name of a command of its own may follow at once. */
const attachedArguments =
  /(^\s*|[&|]\s*)(@?(?:del|erase|rd|rmdir|copy|xcopy|move|ren|rename|type|md|mkdir|cd|chdir|echo|call|set|format))(?=[/.\\,;=])[,;=]*/gi;

/** A text for cmd as one for a shell; `undefined` where it has variables, groups or keywords in it. */
function shellScript(text: string): string | undefined {
  const plain = (/^\s*"([^]*)"\s*$/.exec(text)?.[1] ?? text)
    .replaceAll(/%(\w+)%/g, (whole, name: string) => values[name.toLowerCase()] ?? whole)
    .replaceAll(attachedArguments, '$1$2 ')
    .replaceAll(/\b(cd|chdir)\s+\/d\b/gi, '$1');
  if (/[%!^()\r\n`]/.test(plain) || /(?:^|[&|]\s*)@?(?:if|for|goto|start|setlocal|pushd)\b/i.test(plain)) return undefined;
  const pieces = plain.match(/"[^"]*"?|[^\s"&|<>]+|\d?>>?|<|&&|\|\||[&|]/g) ?? [];
  return pieces.reduce<Line>(next, { text: '', starts: true }).text;
}

interface Line {
  readonly text: string;
  /** Whether a command begins here. */
  readonly starts: boolean;
}

function next({ text, starts }: Line, piece: string): Line {
  if (/^(&&?|\|\|?)$/.test(piece)) return { text: `${text} ${piece === '&' ? ';' : piece}`, starts: true };
  if (/^(\d?>>?|<)$/.test(piece)) return { text: `${text} ${piece}`, starts };
  const word = starts ? program(piece.replace(/^@/, '')) : piece;
  return { text: `${text} ${quoted(word)}`, starts: false };
}

function program(piece: string): string {
  const name = piece.replaceAll('"', '').replace(/\.(?:exe|cmd|bat|com)$/i, '');
  const lower = name.toLowerCase();
  return Object.hasOwn(names, lower) ? (names[lower] ?? name) : /[\\/]/.test(name) ? name : lower;
}

/** Backslashes are slashes, quotes only hold words together, and `nul` is the null device. */
function quoted(piece: string): string {
  const text = piece.replaceAll('"', '').replaceAll('\\', '/');
  if (/^nul$/i.test(text)) return '/dev/null';
  const home = text === '~' || text.startsWith('~/') ? '~' : '';
  return `${home}'${text.slice(home.length).replaceAll("'", String.raw`'\''`)}'`;
}
