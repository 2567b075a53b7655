import { parse } from 'unbash';
import { noCommand, type CommandAnalysis, type ShellSurroundings } from './analysis.ts';
import { beyondReading, TooMuch } from './bounds.ts';
import { Gathering } from './gathering.ts';
import { outermost } from './interpreter.ts';
import { State } from './state.ts';

const maxBytes = 65_536;

/**
 * What a shell text would run, without running anything. Never throws. Whatever is not understood makes the analysis
 * `dynamic` and adds an invocation whose program is unknown: it is never left out.
 */
export function analyzeCommand(text: string | undefined, surroundings?: ShellSurroundings): CommandAnalysis {
  if (text === undefined) return noCommand;
  const gathering = new Gathering(surroundings);
  const beyond = text.length > maxBytes ? 'it is longer than 64 KiB' : beyondReading(text);
  if (beyond === undefined) analyze(text, gathering);
  else gathering.fail(beyond, '');
  return gathering.result(text);
}

function analyze(text: string, gathering: Gathering): void {
  try {
    const state = new State();
    gathering.node(parse(text), outermost, state);
    gathering.finish(state);
  } catch (cause) {
    if (cause instanceof TooMuch) return gathering.fail(cause.message, '');
    // The parser overflows the stack on hostile input: nothing is known then.
    gathering.fail('it could not be read', '');
  }
}
