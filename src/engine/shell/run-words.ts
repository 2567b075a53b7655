import { plainInvocation, type Word } from './analysis.ts';
import { runBuiltin } from './builtins.ts';
import { about } from './commands.ts';
import { changesEnvironment, lastingSetters } from './environment.ts';
import { knownFile, workingDirectory } from './files.ts';
import type { Inner } from './inner.ts';
import { innersOf } from './inners.ts';
import type { Context, Interpreter, Told } from './interpreter.ts';
import { outputOf } from './outputs.ts';
import { baseName } from './programs.ts';
import { runInner } from './run-inner.ts';
import type { State, ShellFunction } from './state.ts';
import { anything, isKnown, unknownOutput } from './word-parts.ts';

const maxCalls = 6;
/** Programs that give the rights of another user even when nothing follows them: `sudo -s`, `su`. */
const privileging = new Set(['sudo', 'su', 'doas', 'pkexec', 'run0']);

/** Runs a simple command whose words are expanded: a function, a builtin, or a program with what it runs itself. */
export function runWords(words: readonly Word[], told: Told, run: Interpreter, at: Context, state: State): Word {
  const [first, ...args] = words;
  if (first === undefined) return '';
  run.spend(words.length);
  if (!isKnown(first)) {
    run.unknownCommand(
      first.origin === 'output' ? 'the output of a command is run' : `the name of the program is not known (${first.text})`,
      told,
      at,
      first.many ? [anything(first.text), ...args] : args,
    );
    if (first.origin === 'output') run.pipesToInterpreter();
    return unknownOutput;
  }
  const functions = state.functions(first);
  if (functions.length > 0) return callFunction(first, args, functions, told, run, at, state);
  const alias = state.alias(first);
  if (alias !== undefined) runAlias(alias, args, told, run, at, state);
  const written = runProgram(first, args, told, run, at, state);
  // Whether an alias is expanded depends on the shell: either may have run.
  return alias === undefined ? written : unknownOutput;
}

function runProgram(program: string, args: readonly Word[], told: Told, run: Interpreter, at: Context, state: State): Word {
  const name = nameOf(program);
  const surroundings = at.elsewhere ? undefined : run.surroundings;
  const file = (path: Word): Word | undefined => knownFile(path, surroundings, state);
  const inners = innersOf(program, { name, args, input: at.input, piped: at.piped, file });
  const lasting = lastingSetters.has(name);
  const changed = changesEnvironment(name, args);
  const script = inners.map((inner) => (inner.kind === 'file' ? file(inner.path) : undefined)).find(isKnown);
  const owner = run.emit({
    ...plainInvocation,
    ...about(told, at, state),
    program,
    args,
    ...(script === undefined ? {} : { script }),
    isWrapper: inners.some(isRun),
    disguised: at.disguised || changed,
    privileged: at.privileged || privileging.has(name) || inners.some(({ privileged }) => privileged === true),
  });
  if (lasting && changed) run.changesEnvironment();
  if (program === name) runBuiltin({ name, args, told, at, state, run });
  const inside: Context = changed && !lasting && !at.disguised ? { ...at, disguised: true } : at;
  const written = inners.map((inner) => runInner(inner, { program: name, args, told: { ...told, owner }, run, at: inside, state }));
  if (name === 'exec' && args.length > 0) state.ended = true;
  const passed =
    inners.length === 1 && written[0] !== undefined && inners[0]?.kind !== 'code' && passesOutput(name) ? written[0] : undefined;
  if (isKnown(at.input)) run.spend(at.input.length / 32);
  return passed ?? outputOf(name, { args, input: at.input, file, directory: () => workingDirectory(surroundings, state) });
}

/** Whether what is run inside becomes invocations of its own. */
function isRun(inner: Inner): boolean {
  if (inner.kind === 'code') return inner.language === 'powershell';
  return inner.kind === 'words' || inner.kind === 'script' || inner.kind === 'unknown';
}

/** Wrappers whose output is that of the one command they run. */
function passesOutput(name: string): boolean {
  return !/^(find|git|trap|tar|tmux|screen|at|crontab|less|man|vim|nvim|command)$/.test(name);
}

function nameOf(program: string): string {
  return baseName(program).replace(/\.exe$/i, '');
}

function runAlias(alias: Word, args: readonly Word[], told: Told, run: Interpreter, at: Context, state: State): void {
  if (!isKnown(alias)) return run.unknownCommand('an alias is not known', told, at);
  if (at.calls.includes(`alias ${alias}`)) return;
  const inside: Context = {
    ...at,
    depth: at.depth + 1,
    calls: [...at.calls, `alias ${alias}`],
    ...(told.span === undefined ? {} : { span: told.span }),
  };
  // What follows the name stays as it is: it was expanded already, so it is given as arguments.
  const before = state.positional;
  state.positional = args;
  run.script(`${alias} "$@"`, inside, state);
  state.positional = before;
}

function callFunction(
  name: string,
  args: readonly Word[],
  functions: readonly ShellFunction[],
  told: Told,
  run: Interpreter,
  at: Context,
  state: State,
): Word {
  run.emit({ ...plainInvocation, ...about(told, at, state), program: name, args, isWrapper: true });
  const again = at.calls.filter((call) => call === name).length;
  // A function that calls itself is gone through once more with whatever it may be called with.
  if (again > 1 || at.calls.length > maxCalls) {
    state.cloud();
    return unknownOutput;
  }
  if (again === 1) state.cloud();
  const written = functions.map((found) => {
    const inside = functions.length === 1 ? state : state.copy();
    const output = callOne(name, args, found, run, at, inside);
    if (inside !== state) state.join(inside);
    return output;
  });
  return written.length === 1 ? (written[0] ?? unknownOutput) : unknownOutput;
}

function callOne(name: string, args: readonly Word[], found: ShellFunction, run: Interpreter, at: Context, state: State): Word {
  const { positional, locals } = state;
  state.positional = state.clouded && at.calls.includes(name) ? undefined : args;
  state.locals = new Map();
  const { span: _, ...outer } = at;
  const written = run.node(
    found.body,
    {
      ...outer,
      depth: at.depth + 1,
      calls: [...at.calls, name],
      fromFile: found.fromFile,
      ...(found.span === undefined ? {} : { span: found.span }),
    },
    state,
  );
  for (const [variable, value] of state.locals ?? []) state.restore(variable, value);
  state.positional = positional;
  state.locals = locals;
  state.ended = false;
  return written;
}
