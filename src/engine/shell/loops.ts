import type { SyntaxNode, Word as WordNode } from 'unbash';
import type { Word } from './analysis.ts';
import { argumentList, everyName, setsVariables } from './assigned-names.ts';
import type { Context, Interpreter } from './interpreter.ts';
import { scopeOf } from './scope.ts';
import type { State } from './state.ts';
import { anything, unknownOutput } from './word-parts.ts';
import { expandWord } from './words.ts';

const maxRounds = 16;

/** A loop over words: once for each of them where they are known and few, else once with a value that is not known. */
export function eachValue(
  node: Extract<SyntaxNode, { readonly type: 'For' | 'Select' }>,
  run: Interpreter,
  at: Context,
  state: State,
): Word {
  const words = values(node.wordlist, run, at, state);
  const rounds = node.type === 'For' && words.length <= maxRounds ? words : [worst(words)];
  const before = state.copy();
  const written: Word[] = [];
  if (rounds.length === 1) forgetSet(node.body, state);
  for (const value of rounds) {
    if (rounds.length > 1) forgetSet(node.body, state);
    state.set(node.name.value, value);
    written.push(round(node.body, run, at, state, words.length > 1 && rounds.length === 1));
    if (rounds.length > 1) state.join(before);
  }
  state.join(before);
  return written.every((word) => word === '') ? '' : unknownOutput;
}

function values(list: readonly WordNode[] | undefined, run: Interpreter, at: Context, state: State): readonly Word[] {
  if (list === undefined) return state.positional ?? [unknownOutput];
  const words = list.flatMap((word) => expandWord(word, scopeOf(run, at, state)));
  for (const word of words) run.mention(word);
  return words;
}

/** One value for many: unknown, and only names where all of them are. */
function worst(words: readonly Word[]): Word {
  const names = words.every((word) => (typeof word === 'string' ? !/[\s/]/.test(word) : word.names));
  return { parts: [undefined], many: !names, names, text: 'one of many values' };
}

export function loop(node: Extract<SyntaxNode, { readonly type: 'While' }>, run: Interpreter, at: Context, state: State): Word {
  forgetSet(node, state);
  const before = state.copy();
  run.node(node.clause, at, state);
  state.otherwise = undefined;
  const written = round(node.body, run, at, state, true);
  state.join(before);
  return written === '' ? '' : unknownOutput;
}

/** The body of a loop. Where it leaves in another directory, the next round begins there: then it is gone through once more. */
function round(body: SyntaxNode, run: Interpreter, at: Context, state: State, again: boolean): Word {
  const before = state.directories;
  const written = run.node(body, at, state);
  state.ended = false;
  state.otherwise = undefined;
  if (!again || state.directories === before || state.directories.every((word) => before.includes(word))) return written;
  state.directories = [...before, anything('a directory')];
  return run.node(body, at, state);
}

/** Whatever a loop may set holds an unknown value from its second round on. */
export function forgetSet(node: SyntaxNode, state: State): void {
  for (const name of setsVariables(node, (called) => state.functions(called).map(({ body }) => body))) {
    if (name === argumentList) state.positional = undefined;
    else if (name === everyName) state.cloud();
    else state.forget(name);
  }
}
