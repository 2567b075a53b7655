import type { Context, Interpreter } from './interpreter.ts';
import type { State } from './state.ts';

/** Where words are read: who asks, around what, and what the shell knows. */
export interface Scope {
  readonly run: Interpreter;
  readonly at: Context;
  readonly state: State;
  /** The characters at which unquoted values are split; `undefined` when they are not known. */
  readonly separators: () => string | undefined;
}

export function scopeOf(run: Interpreter, at: Context, state: State): Scope {
  return { run, at, state, separators: () => separatorsOf(state) };
}

function separatorsOf(state: State): string | undefined {
  const value = state.get('IFS');
  if (value === undefined || value === null) return ' \t\n';
  return typeof value === 'string' ? value : undefined;
}
