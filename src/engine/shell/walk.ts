import type { CaseItem, CompoundList, If, Pipeline, Statement, SyntaxNode, Word as WordNode } from 'unbash';
import type { Word } from './analysis.ts';
import { runCommand } from './commands.ts';
import type { Context, Interpreter } from './interpreter.ts';
import { eachValue, forgetSet, loop } from './loops.ts';
import { readRedirects } from './redirects.ts';
import { scopeOf } from './scope.ts';
import { together, type State } from './state.ts';
import { concat, unknownOutput } from './word-parts.ts';
import { runSubstitutions, singleWord } from './words.ts';

const maxDepth = 32;

/** Goes through a piece of a script the way a shell does. What may or may not happen is taken both ways. */
export function walk(node: SyntaxNode, run: Interpreter, at: Context, state: State): Word {
  if (at.depth > maxDepth) {
    run.fail('it is nested too deeply', 'text' in node ? node.text : '…');
    return unknownOutput;
  }
  switch (node.type) {
    case 'Script':
      if ('errors' in node && (node.errors?.length ?? 0) > 0) run.fail('it is not a script that a shell would read to its end', '');
      return walkAll(node.commands, run, at, state);
    case 'CompoundList':
      return walkAll(node.commands, run, at, state);
    case 'Statement':
      return statement(node, run, at, state);
    case 'AndOr':
      return chain(node, run, at, state);
    case 'Pipeline':
      return pipeline(node, run, at, state);
    case 'Command':
      return runCommand(node, run, at, state);
    case 'Redirected':
      return redirected(node, run, at, state);
    default:
      return compound(node, run, { ...at, depth: at.depth + 1 }, state);
  }
}

function compound(node: SyntaxNode, run: Interpreter, at: Context, state: State): Word {
  state.status = undefined;
  switch (node.type) {
    case 'Subshell': {
      run.spend(state.size);
      const inside = state.copy();
      const written = walk(node.body, run, at, inside);
      state.status = inside.status;
      return written;
    }
    case 'BraceGroup':
      return walk(node.body, run, at, state);
    case 'If':
      return branches(node, run, at, state);
    case 'For':
    case 'Select':
      return eachValue(node, run, at, state);
    case 'While':
      return loop(node, run, at, state);
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update]) if (part !== undefined) runSubstitutions(part, scopeOf(run, at, state));
      forgetSet(node, state);
      return maybe(node.body, run, at, state);
    case 'Case':
      run.mention(singleWord(node.word, scopeOf(run, at, state)));
      return cases(node.items, run, at, state);
    case 'Function':
      state.define(node.name.value, { body: node.body, span: at.span, fromFile: at.fromFile });
      run.redefines(node.name.value);
      return '';
    case 'Coproc':
      walk(node.body, run, at, state.copy());
      return '';
    default:
      test(node, run, at, state);
      return '';
  }
}

function walkAll(nodes: readonly Statement[], run: Interpreter, at: Context, state: State): Word {
  if (nodes.length === 1 && nodes[0] !== undefined) return statement(nodes[0], run, at, state);
  let written: Word = '';
  for (const node of nodes) {
    // The statement before may have failed; this one runs in either case.
    state.settleDirectories();
    const next = statement(node, run, at, state);
    if (next !== '') written = written === '' ? next : concat([written, next]);
  }
  return written;
}

function statement(node: Statement, run: Interpreter, at: Context, state: State): Word {
  if (node.background === true) {
    walk(node.command, run, at, state.copy());
    return unknownOutput;
  }
  return walk(node.command, run, at, state);
}

/** `a && b || c`: each part runs, or not, depending on how the one before it ended. */
function chain(node: Extract<SyntaxNode, { readonly type: 'AndOr' }>, run: Interpreter, at: Context, state: State): Word {
  const written: Word[] = [];
  let sure = true;
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1];
    if (operator === undefined) {
      written.push(walk(command, run, at, state));
      continue;
    }
    const runs = operator === '&&' ? state.status !== 'failed' : state.status !== 'done';
    sure &&= state.status !== undefined;
    const certain = state.status !== undefined && runs;
    run.spend(state.size / 4);
    const before = state.copy();
    const inside = certain ? state : state.copy();
    if (operator === '||' && before.otherwise !== undefined) {
      inside.directories = before.otherwise;
      inside.otherwise = undefined;
    }
    const next = walk(command, run, at, inside);
    if (runs) written.push(next);
    if (!certain && runs) after(operator, state, inside, before);
  }
  return sure || written.every((word) => word === '') ? concat(written.length === 0 ? [''] : written) : unknownOutput;
}

/** After a part that may have run: `a && b` goes on behind b or, where a failed, behind a. */
function after(operator: '&&' | '||', state: State, inside: State, before: State): void {
  if (operator === '&&') {
    const failed = before.otherwise ?? (before.status === undefined ? before.directories : []);
    const { otherwise, directories } = inside;
    state.join(inside);
    if (inside.ended) return;
    state.directories = directories;
    const rest = [...(otherwise ?? []), ...failed].filter((word) => !directories.includes(word));
    state.otherwise = rest.length > 0 ? together([], rest) : undefined;
    return;
  }
  state.otherwise = undefined;
  if (!inside.ended) state.join(inside);
}

function pipeline(node: Pipeline, run: Interpreter, at: Context, state: State): Word {
  const [only] = node.commands;
  if (node.commands.length === 1 && only !== undefined) {
    const written = walk(only, run, at, state);
    const negated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1;
    if (negated && state.status !== undefined) state.status = state.status === 'done' ? 'failed' : 'done';
    return written;
  }
  let input: Word | undefined = at.input;
  let piped = at.piped;
  for (const command of node.commands) {
    const { input: _, ...outer } = at;
    input = walk(command, run, { ...outer, piped, ...(input === undefined ? {} : { input }) }, state.copy());
    piped = true;
  }
  state.status = undefined;
  return input ?? unknownOutput;
}

function redirected(node: Extract<SyntaxNode, { readonly type: 'Redirected' }>, run: Interpreter, at: Context, state: State): Word {
  const redirects = readRedirects(node.redirects, scopeOf(run, at, state));
  const { input: _, ...outer } = at;
  const input = redirects.replacesInput ? redirects.input : at.input;
  const inner = { ...outer, piped: at.piped || redirects.replacesInput, ...(input === undefined ? {} : { input }) };
  const written = walk(node.command, run, inner, state);
  redirects.keep(written, state);
  redirects.emit(node, at);
  return redirects.capturesOutput ? '' : written;
}

function maybe(body: SyntaxNode, run: Interpreter, at: Context, state: State): Word {
  const before = state.copy();
  const written = walk(body, run, at, state);
  state.join(before);
  return written === '' ? '' : unknownOutput;
}

function branches(node: If, run: Interpreter, at: Context, state: State): Word {
  run.spend(state.size);
  const written: Word[] = [walk(node.clause, run, at, state)];
  let rest = failedCopy(state);
  const ends: State[] = [];
  const enter = (body: CompoundList, from: State): void => {
    from.otherwise = undefined;
    written.push(walk(body, run, at, from));
    ends.push(from);
  };
  enter(node.then, state.copy());
  for (const { clause, then } of node.elif) {
    written.push(walk(clause, run, at, rest));
    const next = failedCopy(rest);
    enter(then, rest);
    rest = next;
  }
  if (node.else === undefined) ends.push(rest);
  else enter(node.else, rest);
  settle(state, ends);
  return written.every((word) => word === '') ? '' : unknownOutput;
}

function failedCopy(state: State): State {
  const copy = state.copy();
  if (copy.otherwise !== undefined) copy.directories = copy.otherwise;
  copy.otherwise = undefined;
  return copy;
}

/** The state after several ways of which one was taken. */
function settle(state: State, ends: readonly State[]): void {
  state.otherwise = undefined;
  state.ended = true;
  for (const end of ends) state.join(end);
}

function cases(items: readonly CaseItem[], run: Interpreter, at: Context, state: State): Word {
  run.spend(state.size);
  const before = state.copy();
  const ends: State[] = [before];
  let quiet = true;
  for (const item of items) {
    for (const pattern of item.pattern) runSubstitutions(pattern, scopeOf(run, at, state));
    const inside = before.copy();
    // With `;&` the next branch follows in the same shell: what this one set may hold there.
    if (ends.length > 1 && item !== items[0]) inside.join(ends.at(-1) ?? before);
    quiet = walk(item.body, run, at, inside) === '' && quiet;
    ends.push(inside);
  }
  settle(state, ends);
  return quiet ? '' : unknownOutput;
}

/** `[[ … ]]` and `(( … ))`: nothing runs but the substitutions in them. */
function test(node: SyntaxNode, run: Interpreter, at: Context, state: State): void {
  const scope = scopeOf(run, at, state);
  if (node.type === 'TestCommand') operands(node.expression, (word) => run.mention(singleWord(word, scope)));
  else if (node.type === 'ArithmeticCommand' && node.expression !== undefined) {
    runSubstitutions(node.expression, scope);
    forgetSet(node, state);
  }
}

function operands(node: Extract<SyntaxNode, { readonly type: 'TestCommand' }>['expression'], see: (word: WordNode) => void): void {
  if (node.type === 'TestUnary') see(node.operand);
  else if (node.type === 'TestBinary') [node.left, node.right].forEach(see);
  else if (node.type === 'TestLogical') for (const operand of node.operands) operands(operand, see);
  else operands(node.type === 'TestNot' ? node.operand : node.expression, see);
}
