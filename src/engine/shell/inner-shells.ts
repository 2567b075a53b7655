import type { Word } from './analysis.ts';
import { languageOf } from './interpreters.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { isKnown, textOf } from './word-parts.ts';

export const shells: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  'ksh',
  'ash',
  'mksh',
  'rbash',
  'fish',
  'csh',
  'tcsh',
  'yash',
  'posh',
  'oksh',
  'bash5',
  'hush',
]);

const longOption = /^-(norc|noprofile|noediting|login|posix|verbose|restricted|debugger|rcfile|init-file|version|help)$/;

/** `sh -c TEXT`, `sh FILE`, and a shell that reads its script from what is piped into it. */
export function shellInner({ args, piped }: InnerQuestion): readonly Inner[] {
  if (readsOnly(args)) return nothing;
  let command = false;
  const extra: Inner[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === undefined) break;
    if (!isKnown(arg) && mayBeOption(arg)) return unknownInner('what the shell runs is not known');
    // Long options may have one dash: `-norc` is none of single letters.
    const option = isKnown(arg) ? arg.replace(longOption, '--$1') : '';
    if (option === '--' || option === '-') return [...extra, ...rest(command, args.slice(at + 1), piped)];
    if (/^[-+]./.test(option)) {
      if (option === '--rcfile' || option === '--init-file') {
        const file = args[at + 1];
        if (file !== undefined) extra.push({ kind: 'file', language: 'shell', path: file, args: [], shellFile: true });
      }
      if (option === '--version' || option === '--help') return nothing;
      if (/^-[A-Za-z]*c/.test(option)) command = true;
      if (/^-[A-Za-z]*s/.test(option) && !command)
        return [...extra, { kind: 'input', language: 'shell', args: args.slice(at + 1).filter((word) => word !== '--') }];
      if (/^[-+][A-Za-z]*[oO]$/.test(option) || option === '--rcfile' || option === '--init-file') at += 1;
    } else return [...extra, ...rest(command, args.slice(at), piped)];
  }
  return [...extra, ...rest(command, [], piped)];
}

/** `bash -n FILE` reads a script without running it, unless it is interactive or switched back. */
function readsOnly(args: readonly Word[]): boolean {
  const end = args.findIndex(
    (arg, at) => !isKnown(arg) || (!/^[-+]./.test(arg) && !/^[-+][A-Za-z]*[oO]$/.test(textOf(args[at - 1] ?? ''))),
  );
  const options = args.slice(0, end < 0 ? args.length : end).filter(isKnown);
  const only = options.some(
    (option, at) => /^-[vxefuc]*n[vxefuc]*$/.test(option) || (option === 'noexec' && options[at - 1] === '-o') || option === '--no-execute',
  );
  return only && !options.some((option) => /^(-[A-Za-z]*[is]|\+.*|--rcfile|--init-file|--login)/.test(option));
}

/** An unknown word may still be an option, unless its beginning says otherwise. */
function mayBeOption(word: Exclude<Word, string>): boolean {
  return word.parts[0] === undefined ? word.many && word.origin !== 'output' : word.parts[0].startsWith('-');
}

function rest(command: boolean, words: readonly Word[], piped: boolean): readonly Inner[] {
  const [first, ...args] = words;
  if (first === undefined) return command ? nothing : piped ? [{ kind: 'input', language: 'shell', args: [] }] : nothing;
  if (command) return [{ kind: 'script', text: first, args, zero: true }];
  if (first === '/dev/stdin' || first === '/proc/self/fd/0') return [{ kind: 'input', language: 'shell', args }];
  return [{ kind: 'file', language: 'shell', path: first, args, shellFile: true }];
}

/** `source FILE`: it runs in the shell itself. */
export function sourceInner({ args }: InnerQuestion): readonly Inner[] {
  const [path, ...rest_] = args[0] === '--' ? args.slice(1) : args;
  if (path === undefined) return nothing;
  if (path === '/dev/stdin') return [{ kind: 'input', language: 'shell', args: rest_, same: true }];
  return [{ kind: 'file', language: 'shell', path, args: rest_, shellFile: true, same: true }];
}

/** `su - user -c TEXT`, `script -c TEXT`, `flock FILE -c TEXT`. */
export function optionScript(args: readonly Word[], privileged: boolean): readonly Inner[] {
  const how = privileged ? { privileged: true } : {};
  for (const [at, arg] of args.entries()) {
    if (!isKnown(arg)) continue;
    if (/^-[a-zA-Z]*c$/.test(arg) || arg === '--command' || arg === '--session-command') {
      const text = args[at + 1];
      return text === undefined ? nothing : [{ kind: 'script', text, args: args.slice(at + 2), ...how }];
    }
    const attached = /^(?:--(?:session-)?command=|-c)([^]+)$/.exec(arg)?.[1];
    if (attached !== undefined) return [{ kind: 'script', text: attached, ...how }];
  }
  return nothing;
}

/** A program run by its path whose first line may name what reads it. */
export function pathInner(program: string, args: readonly Word[]): readonly Inner[] {
  return [{ kind: 'file', language: languageOf(program) ?? 'shell', path: program, args, shellFile: false }];
}
