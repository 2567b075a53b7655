import type { Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { isKnown } from './word-parts.ts';

/** `vim -c ':!cmd'`, `+!cmd`, `:call system('cmd')`, `:py …`. */
export function editorInner({ args }: InnerQuestion): readonly Inner[] {
  return args.flatMap((arg, index): readonly Inner[] => {
    if (!isKnown(arg)) return nothing;
    const text = arg === '-c' || arg === '--cmd' ? args[index + 1] : /^(?:\+|-c)([^]+)$/.exec(arg)?.[1];
    if (text === undefined) return nothing;
    if (!isKnown(text)) return unknownInner('what the editor runs is not known');
    return editorCommands(text);
  });
}

function editorCommands(text: string): readonly Inner[] {
  return text.split(/\||\n/).flatMap((part): readonly Inner[] => {
    const bang = /^\s*:*\s*(?:silent!?\s+|sil\s+)?(?:%|\.|\d+|,|\$|r(?:ead)?\s*|w(?:rite)?\s+)*!([^]+)$/.exec(part)?.[1];
    if (bang !== undefined) return [{ kind: 'script', text: text.slice(text.indexOf(bang)) }];
    const call = /(?:system|systemlist|jobstart|termopen|job_start|term_start)\s*\(\s*(['"])((?:(?!\1)[^])*)\1/.exec(part)?.[2];
    if (call !== undefined) return [{ kind: 'script', text: call }];
    return /(?:system|jobstart|termopen|job_start|:?\s*(?:py3?|python3?|lua|ruby|perl|terminal|te|so|source)\b)/.test(part) &&
      /^\s*:*(?:py|lua|ruby|perl|ter|so)|system|job|termopen/.test(part)
      ? unknownInner('what the editor runs is not known')
      : nothing;
  });
}

export function lispInner(args: readonly Word[]): readonly Inner[] {
  return args.flatMap((arg, index): readonly Inner[] => {
    const text = isKnown(arg)
      ? (/^--(?:eval|execute)=([^]+)$/.exec(arg)?.[1] ?? (/^(--eval|-eval|--execute|-e)$/.test(arg) ? args[index + 1] : undefined))
      : undefined;
    if (text === undefined) return nothing;
    const call = isKnown(text)
      ? /\(\s*(?:shell-command(?:-to-string)?|async-shell-command|compile)\s+"((?:\\.|[^"\\])*)"/.exec(text)?.[1]
      : undefined;
    if (call !== undefined) return [{ kind: 'script', text: call.replaceAll(/\\(.)/g, '$1') }];
    return isKnown(text) && !/shell|process|eval|delete|write|load|funcall|apply/.test(text)
      ? nothing
      : unknownInner('what the editor runs is not known');
  });
}

/** `.shell` of sqlite, `\!` of psql and mysql, `COPY … PROGRAM` of PostgreSQL. */
export function databaseInner({ args, input }: InnerQuestion): readonly Inner[] {
  return [...args, ...(input === undefined ? [] : [input])].flatMap((word): readonly Inner[] =>
    isKnown(word) ? databaseCommands(word) : nothing,
  );
}

function databaseCommands(text: string): readonly Inner[] {
  const found = [...text.matchAll(/^\s*(?:\.(?:shell|system)\s+|\\!\s*|\\system\s+|system\s+)(.+)$/gm)].map(([, command = '']): Inner => ({
    kind: 'script',
    text: command.replace(/^(["'])(.*)\1$/, '$2'),
  }));
  const programs = [...text.matchAll(/\b(?:from|to)\s+program\s+'((?:''|[^'])*)'/gi)].map(([, command = '']): Inner => ({
    kind: 'script',
    text: command.replaceAll("''", "'"),
  }));
  const pipes = [...text.matchAll(/\\(?:g|o|w|copy[^\n]*(?:from|to)\s+program)\s*\|?\s*'?\|?([^'\n]+)/g)]
    .filter(([whole]) => /\||program/.test(whole))
    .map(([, command = '']): Inner => ({ kind: 'script', text: command }));
  return [...found, ...programs, ...pipes];
}

export function debuggerInner({ args }: InnerQuestion): readonly Inner[] {
  const inners = args.flatMap((arg, index): readonly Inner[] => {
    const text = isKnown(arg)
      ? (/^--?(?:ex|eval-command|one-line)=([^]+)$/.exec(arg)?.[1] ??
        (/^(--?ex|--?eval-command|--?iex|-o|--one-line)$/.test(arg) ? args[index + 1] : undefined))
      : undefined;
    if (text === undefined) return nothing;
    if (!isKnown(text)) return unknownInner('what the debugger runs is not known');
    const shell = /^\s*(?:shell|!|make|platform shell|pipe)\s*([^]+)$/.exec(text)?.[1];
    if (shell !== undefined) return [{ kind: 'script', text: shell }];
    const python = /^\s*(?:python|py|script)\s+([^]+)$/.exec(text)?.[1];
    return python === undefined ? nothing : [{ kind: 'code', language: 'python', text: python }];
  });
  const at = args.findIndex((arg) => arg === '--args' || arg === '--');
  return at < 0 || at === args.length - 1 ? inners : [...inners, { kind: 'words', words: args.slice(at + 1) }];
}

export function bangLines(text: string): readonly Inner[] {
  return [...text.matchAll(/^[\d,.$%]*(?:[rwe]\s*)?!(.+)$/gm)].map(([, command = '']) => ({ kind: 'script', text: command }));
}
