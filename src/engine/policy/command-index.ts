import type { CommandAnalysis, Invocation } from '../shell/analysis.ts';
import { namesOf } from './command-items.ts';
import type { CommandPattern } from './command-syntax.ts';

/** The patterns that may be about a command, by its program: of hundreds, nearly every command concerns none. */
export interface CommandIndex {
  readonly patternsFor: (invocation: Invocation) => readonly CommandPattern[];
  /** Whether any command of a text may be meant: most are not, and this is asked first. */
  readonly concerns: (analysis: CommandAnalysis) => boolean;
}

/** Names of programs come from calls: what is remembered of them must not grow with them. */
const mostNames = 512;

export function indexCommands(patterns: readonly CommandPattern[]): CommandIndex {
  const byName = new Map<string, readonly CommandPattern[]>();
  const named = (name: string): readonly CommandPattern[] => {
    const found = byName.get(name) ?? patterns.filter(({ program }) => program.withPath || program.glob(name));
    if (byName.size < mostNames) byName.set(name, found);
    return found;
  };
  return {
    patternsFor: (invocation) => {
      const [name, lower] = namesOf(invocation);
      if (name === undefined) return patterns;
      return lower === undefined ? named(name) : [...new Set([...named(name), ...named(lower)])];
    },
    concerns: (analysis) => {
      const { names, unknown } = programsOf(analysis);
      return unknown || names.some((name) => named(name).length > 0);
    },
  };
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
