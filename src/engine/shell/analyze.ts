import { parse } from 'unbash';
import { noCommand, type CommandAnalysis, type ShellSurroundings } from './analysis.ts';
import { beyondReading, Budget, TooMuch } from './bounds.ts';
import { Gathering } from './gathering.ts';
import { outermost, type NestedShell } from './interpreter.ts';
import { State } from './state.ts';

const maxBytes = 65_536;

/**
 * What a shell text would run, without running anything. Never throws. Whatever is not understood makes the analysis
 * `dynamic` and adds an invocation whose program is unknown: it is never left out.
 */
export function analyzeCommand(text: string | undefined, surroundings?: ShellSurroundings): CommandAnalysis {
  return text === undefined ? noCommand : analyzeNested(surroundings)(text, 0);
}

/** Analyses texts that stand in one other text, whose depth in it is told: together they make no more work than one call may. */
export function analyzeNested(surroundings: ShellSurroundings | undefined, budget = new Budget()): NestedShell {
  return (text, depth) => {
    const gathering = new Gathering(surroundings, budget, (inner) => analyzeNested(inner, budget));
    const beyond = text.length > maxBytes ? 'it is longer than 64 KiB' : beyondReading(text);
    if (beyond === undefined) analyze(text, depth, gathering);
    else gathering.fail(beyond, '');
    return gathering.result(text);
  };
}

function analyze(text: string, depth: number, gathering: Gathering): void {
  try {
    const state = new State();
    gathering.node(parse(text), depth === 0 ? outermost : { ...outermost, depth }, state);
    gathering.finish(state);
  } catch (cause) {
    if (cause instanceof TooMuch) return gathering.fail(cause.message, '');
    // The parser overflows the stack on hostile input: nothing is known then.
    gathering.fail('it could not be read', '');
  }
}
