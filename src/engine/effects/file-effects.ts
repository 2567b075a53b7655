import type { CommandAnalysis, FileUse, Invocation, Word } from '../shell/analysis.ts';
import { namesItsFiles } from '../shell/powershell/cmdlets.ts';
import { shells } from '../shell/inner-shells.ts';
import { isInterpreter } from '../shell/interpreters.ts';
import { archives } from './archives.ts';
import { Arguments } from './arguments.ts';
import { copying } from './copying.ts';
import { deleting } from './deleting.ts';
import { Found } from './found.ts';
import { either, reads, type FileEffect, type Program, type Use } from './effect.ts';
import { git } from './git-files.ts';
import { namedWords } from './named-words.ts';
import { plainName } from './plain-name.ts';
import { readingPrograms } from './reading.ts';
import { transfers } from './transfers.ts';
import { textOf } from './word.ts';
import { writingPrograms } from './writing.ts';

/**
 * What the commands of a text would do to files. Programs that nobody knows may read and write whatever they name. What the
 * description of a known program does not explain counts as read.
 */
export function fileEffects(analysis: CommandAnalysis): readonly FileEffect[] {
  const found = new Found(analysis.text);
  const effects: FileEffect[] = [];
  for (const invocation of analysis.invocations) {
    const name = plainName(invocation.program ?? '');
    for (const use of once(usesOf(name, found.replaced(name, invocation)))) effects.push({ ...use, invocation });
  }
  for (const target of analysis.directories) effects.push({ mode: 'read', target });
  for (const target of analysis.mentions) effects.push({ mode: 'either', target, guessed: true });
  return effects;
}

const many = 64;

/** Of the same file many times over, once is enough to look at. */
function once(uses: readonly Use[]): readonly Use[] {
  if (uses.length < many) return uses;
  const seen = new Set<string>();
  return uses.filter(({ mode, target, recursive, moved, guessed, from }) => {
    if (typeof target !== 'string' || from !== undefined) return true;
    const key = `${mode} ${recursive === true} ${moved === true} ${guessed === true} ${target}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

interface Described {
  readonly program: Program;
  readonly valued: ReadonlySet<string>;
}

const described: ReadonlyMap<string, Described> = new Map(
  Object.entries({ ...readingPrograms, ...transfers, ...archives, ...writingPrograms, ...copying, ...deleting, git }).map(
    ([name, program]): [string, Described] => [name, { program, valued: new Set((program.valued ?? '').split(' ')) }],
  ),
);

function usesOf(name: string, invocation: Invocation): readonly Use[] {
  const redirected = invocation.files.map(useOf);
  // Of these the analysis has said all.
  if (namesItsFiles(invocation.program ?? '')) return redirected;
  const known = described.get(name);
  if (known !== undefined) {
    const own = known.program.uses(new Arguments(invocation.args, known.valued, known.program.oneDash), invocation);
    const rest = known.program.wordsOnly === true ? [] : unexplained(invocation.args, own);
    return [...script(invocation), ...own, ...rest, ...redirected];
  }
  if (!invocation.isWrapper) return [...script(invocation), ...either(invocation.args.flatMap(namedWords)), ...redirected];
  // What a wrapper runs is another invocation; a script that an interpreter runs may do anything with its arguments.
  return shells.has(name) || isInterpreter(name) ? [...either(invocation.args.filter(isNoCode)), ...redirected] : redirected;
}

/** A program that is run by its path is read. */
function script({ program }: Invocation): readonly Use[] {
  return program?.includes('/') === true ? reads([program]) : [];
}

function useOf({ mode, target, recursive }: FileUse): Use {
  return { mode, target, ...(recursive === undefined ? {} : { recursive }) };
}

function unexplained(args: readonly Word[], own: readonly Use[]): readonly Use[] {
  if (args.length === 0) return [];
  const explained = new Set(own.map(({ target }) => textOf(target)));
  const rest = args.flatMap(namedWords).filter((word) => !explained.has(textOf(word)) && !textOf(word).startsWith('-'));
  return rest.map((target) => ({ mode: 'read', target, guessed: true }));
}

function isNoCode(word: Word): boolean {
  return !/[\s;]/.test(textOf(word)) && !textOf(word).startsWith('-');
}
