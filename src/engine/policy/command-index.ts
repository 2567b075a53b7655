import type { CommandAnalysis, Invocation } from '../shell/analysis.ts';
import type { CommandPattern } from './command-syntax.ts';
import { programName } from './global-options.ts';
import { expandBraces } from './glob.ts';

/** The patterns that may be about a command, by its program: of hundreds, nearly every command concerns none. */
export interface CommandIndex {
  readonly patternsFor: (invocation: Invocation) => readonly CommandPattern[];
  /** Whether any command of a text may be meant: most are not, and this is asked first. */
  readonly concerns: (analysis: CommandAnalysis) => boolean;
}

export function indexCommands(patterns: readonly CommandPattern[]): CommandIndex {
  const byName = new Map<string, CommandPattern[]>();
  const others: CommandPattern[] = [];
  for (const pattern of patterns) {
    const names = literalNames(pattern);
    if (names === undefined) others.push(pattern);
    for (const name of names ?? []) byName.set(name, [...(byName.get(name) ?? []), pattern]);
  }
  return {
    patternsFor: (invocation) => {
      if (invocation.program === undefined) return patterns;
      const named = namesOf(invocation).flatMap((name) => byName.get(name) ?? []);
      return others.length === 0 ? named : [...others, ...named];
    },
    concerns: (analysis) => {
      if (others.length > 0) return true;
      const { names, unknown } = programsOf(analysis);
      return unknown || names.some((name) => byName.has(name));
    },
  };
}

/** `undefined` where the program of a pattern is more than a choice of names. */
function literalNames({ program }: CommandPattern): readonly string[] | undefined {
  if (program.withPath) return undefined;
  const names = expandBraces(program.text);
  return names.every((name) => /^[\w.+-]+$/.test(name)) ? names : undefined;
}

interface Programs {
  readonly names: readonly string[];
  /** Whether the name of some program is not known. */
  readonly unknown: boolean;
}

/** Asked for every rule: worked out once. */
const known = new WeakMap<CommandAnalysis, Programs>();

function programsOf(analysis: CommandAnalysis): Programs {
  const found = known.get(analysis) ?? readPrograms(analysis);
  known.set(analysis, found);
  return found;
}

function readPrograms({ invocations }: CommandAnalysis): Programs {
  const names = invocations.flatMap(namesOf);
  return { names: [...new Set(names)], unknown: invocations.some(({ program }) => program === undefined) };
}

const knownNames = new WeakMap<Invocation, readonly string[]>();

/** Empty where the program is not known. */
function namesOf(invocation: Invocation): readonly string[] {
  const found = knownNames.get(invocation) ?? readNames(invocation);
  knownNames.set(invocation, found);
  return found;
}

/** Where file names are not told apart by case, `RM` is `rm`. */
function readNames({ program }: Invocation): readonly string[] {
  if (program === undefined) return [];
  const name = programName(program);
  const lower = name.toLowerCase();
  return name === lower ? [name] : [name, lower];
}
