import type { Invocation } from '../shell/analysis.ts';
import type { CommandPattern } from './command-pattern.ts';
import { programName } from './global-options.ts';
import { expandBraces } from './glob.ts';

/** The patterns that may be about a command, by its program: of hundreds, nearly every command concerns none. */
export type CommandIndex = (invocation: Invocation) => readonly CommandPattern[];

export function indexCommands(patterns: readonly CommandPattern[]): CommandIndex {
  const byName = new Map<string, CommandPattern[]>();
  const others: CommandPattern[] = [];
  for (const pattern of patterns) {
    const names = literalNames(pattern);
    if (names === undefined) others.push(pattern);
    for (const name of names ?? []) byName.set(name, [...(byName.get(name) ?? []), pattern]);
  }
  return (invocation) => {
    if (invocation.program === undefined) return patterns;
    const names = namesOf(invocation);
    if (others.length === 0 && !names.some((name) => byName.has(name))) return [];
    return [...others, ...names.flatMap((name) => byName.get(name) ?? [])];
  };
}

/** `undefined` where the program of a pattern is more than a choice of names. */
function literalNames({ program }: CommandPattern): readonly string[] | undefined {
  if (program.withPath) return undefined;
  const names = expandBraces(program.text);
  return names.every((name) => /^[\w.+-]+$/.test(name)) ? names : undefined;
}

/** Asked for every rule: worked out once. */
const known = new WeakMap<Invocation, readonly string[]>();

function namesOf(invocation: Invocation): readonly string[] {
  const found = known.get(invocation) ?? namesOfProgram(invocation.program ?? '');
  known.set(invocation, found);
  return found;
}

/** Where file names are not told apart by case, `RM` is `rm`. */
function namesOfProgram(program: string): readonly string[] {
  const name = programName(program);
  const lower = name.toLowerCase();
  return name === lower ? [name] : [name, lower];
}
