import type { Assignment, Command, Word as WordNode } from 'unbash';
import { plainInvocation, type Word } from './analysis.ts';
import type { Context, Interpreter, Told } from './interpreter.ts';
import { shownDirectories, readRedirects } from './redirects.ts';
import { commandVariables } from './command-variables.ts';
import { withoutPlaceholders } from './placeholders.ts';
import { isDangerousVariable } from './programs.ts';
import { scopeOf, type Scope } from './scope.ts';
import type { State, Value } from './state.ts';
import { concat, isKnown, textOf, unknownOutput } from './word-parts.ts';
import { expandWord, runSubstitutions, singleWord } from './words.ts';

/** A simple command: its words are expanded, its redirections and assignments are read, and what it runs is looked into. */
export function runCommand(node: Command, run: Interpreter, at: Context, state: State): Word {
  run.spend(node.suffix.length);
  state.status = undefined;
  const scope = scopeOf(run, at, state);
  const words = wordsOf(node, scope);
  const redirects = readRedirects(node.redirects, scope);
  const assigned = node.prefix.filter((item) => item.type === 'Assignment');
  const values = assigned.map((item) => valueOf(item, scope));
  const told: Told = {
    text: textOfCommand(node),
    span: at.span ?? { start: node.pos, end: node.end },
    files: redirects.files,
    assignments: assigned.map((item, index) => assignmentOf(item, values[index])),
  };
  if (words.length === 0 && node.name === undefined) {
    assign(assigned, values, scope);
    state.status = 'done';
    if (redirects.files.length > 0) run.emit({ ...plainInvocation, program: ':', args: [], ...about(told, at, state) });
    redirects.keep('', state);
    // `$(<file)` is the text of the file.
    return redirects.replacesInput ? (redirects.input ?? unknownOutput) : '';
  }
  const inside = around(at, redirects, assigned);
  const written = withVariables(assigned, values, told, inside, scope, (shell) => run.command(words, told, inside, shell));
  if (words.length === 0) state.status = undefined;
  redirects.keep(written, state);
  if (redirects.capturesOutput) return '';
  return written;
}

/** What every invocation of a command shares. */
export function about(told: Told, at: Context, state: State) {
  return {
    wrappers: at.wrappers,
    text: told.text,
    files: told.files,
    assignments: told.assignments,
    privileged: at.privileged,
    fromFile: at.fromFile,
    disguised: at.disguised,
    directories: shownDirectories(state),
    ...(at.input === undefined ? {} : { input: at.input }),
    ...(told.span === undefined ? {} : { span: told.span }),
  };
}

function around(at: Context, redirects: ReturnType<typeof readRedirects>, assigned: readonly Assignment[]): Context {
  const disguised = at.disguised || assigned.some(({ name }) => isDangerousVariable(name));
  if (!redirects.replacesInput && disguised === at.disguised) return at;
  const { input: _, ...outer } = at;
  const input = redirects.replacesInput ? redirects.input : at.input;
  return { ...outer, disguised, piped: at.piped || redirects.replacesInput, ...(input === undefined ? {} : { input }) };
}

/** Runs a command with variables that only it sees. */
function withVariables(
  assigned: readonly Assignment[],
  values: readonly Value[],
  told: Told,
  at: Context,
  scope: Scope,
  command: (state: State) => Word,
): Word {
  const { state, run } = scope;
  if (assigned.length === 0) return command(state);
  const before = assigned.map(({ name }) => [name, state.get(name), state.isExported(name)] as const);
  assign(assigned, values, scope, true);
  commandVariables(
    assigned.map(({ name }, index) => [name, values[index] ?? null]),
    told,
    run,
    at,
    state,
  );
  const written = command(state);
  for (const [name, value, exported] of before) {
    state.restore(name, value, exported);
  }
  return written;
}

function wordsOf(node: Command, scope: Scope): readonly Word[] {
  const words: Word[] = node.name === undefined ? [] : [...expandWord(node.name, scope)];
  for (const item of node.args) {
    if (item.type === 'Word') words.push(...expandWord(item, scope));
    else words.push(argumentOf(item, scope));
  }
  return words;
}

/** `export NAME=value`: one word, whatever the value is. Arrays are given to the variable at once. */
function argumentOf(item: Assignment, scope: Scope): Word {
  const value = valueOf(item, scope);
  if (Array.isArray(value)) {
    scope.state.set(item.name, value);
    return item.name;
  }
  return assignmentOf(item, value);
}

function assignmentOf({ name, append }: Assignment, value: Value | undefined): Word {
  const word: Word = value === undefined || value === null ? '' : isWord(value) ? value : concat(value.flatMap((one) => [one, ' ']));
  const whole = concat([`${name}${append === true ? '+' : ''}=`, word], `${name}=${textOf(word)}`);
  return isKnown(whole) ? whole : { ...whole, many: false };
}

function isWord(value: Value): value is Word {
  return value !== null && !Array.isArray(value);
}

/** The value that an assignment gives, with the directory in place of `$PWD`: it may change before the value is used. */
function valueOf(item: Assignment, scope: Scope): Value {
  if (item.index !== undefined) runSubstitutions(item.index, scope);
  if (item.value.type !== 'Word') return item.value.elements.flatMap((word) => elementOf(word, scope));
  const value = singleWord(item.value, scope);
  scope.run.mention(value);
  return value;
}

function elementOf(node: WordNode, scope: Scope): readonly Word[] {
  const words = expandWord(node, scope);
  for (const word of words) scope.run.mention(word);
  return words;
}

function assign(items: readonly Assignment[], values: readonly Value[], { run, state, at }: Scope, exported = false): void {
  for (const [index, item] of items.entries()) {
    const value = values[index] ?? null;
    if (item.index !== undefined) state.forget(item.name);
    else state.set(item.name, item.append === true ? appended(state.get(item.name), value, item.name) : value);
    if (exported) state.export(item.name);
    else if (isDangerousVariable(item.name)) {
      run.changesEnvironment();
      commandVariables(
        [[item.name, value]],
        {
          text: item.text,
          files: [],
          assignments: [],
          ...(at.span === undefined ? { span: { start: item.pos, end: item.end } } : { span: at.span }),
        },
        run,
        at,
        state,
      );
    }
  }
}

function appended(before: Value | undefined, added: Value, name: string): Value {
  if (Array.isArray(added)) return before === undefined || before === null ? added : [...(isWord(before) ? [before] : before), ...added];
  if (before === undefined || added === null || !isWord(added)) return { parts: [undefined], many: true, names: false, text: `$${name}` };
  if (before === null) return added;
  return isWord(before) ? concat([before, added]) : { parts: [undefined], many: true, names: false, text: `$${name}` };
}

function textOfCommand(node: Command): string {
  return withoutPlaceholders(
    [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]
      .map((item) => ('text' in item ? item.text : ''))
      .filter(Boolean)
      .join(' '),
  );
}
