import type { Word } from './analysis.ts';
import { commandVariables } from './command-variables.ts';
import { inspectCode } from './code/inspect.ts';
import { enter, knownFile, wroteFile } from './files.ts';
import type { Inner } from './inner.ts';
import { languageOf, languageOfText } from './interpreters.ts';
import type { Context, Interpreter, Told } from './interpreter.ts';
import { isDangerousVariable } from './programs.ts';
import { runPowerShell } from './run-powershell.ts';
import { State } from './state.ts';
import { anything, isKnown, textOf, unknownOutput } from './word-parts.ts';

interface Outer {
  readonly program: string;
  readonly args: readonly Word[];
  readonly told: Told;
  readonly run: Interpreter;
  readonly at: Context;
  readonly state: State;
}

/** Runs what a program runs. */
export function runInner(inner: Inner, outer: Outer): Word {
  const { told, run } = outer;
  const at = inside(inner, outer);
  const state = inner.same === true ? outer.state : shellOf(inner, outer, at);
  const bare: Told = {
    text: told.text,
    files: [],
    assignments: [],
    ...(told.span === undefined ? {} : { span: told.span }),
    ...(told.owner === undefined ? {} : { owner: told.owner }),
  };
  switch (inner.kind) {
    case 'words':
      return run.command(inner.words, bare, at, state);
    case 'script':
      // A script of a package may run the package's scripts again.
      if (inner.fromFile === true && outer.at.calls.includes(calledScript(inner, outer))) return unknownOutput;
      if (inner.later === true) run.atEnd(inner.text, at);
      if (inner.args !== undefined) state.positional = inner.zero === true ? inner.args.slice(1) : inner.args;
      if (inner.zero === true) state.zero = inner.args?.[0];
      return script(inner.text, bare, run, at, state);
    case 'code':
      return code(inner, bare, run, at, state);
    case 'file':
      return file(inner, bare, outer, at, state);
    case 'input':
      return input(inner, bare, outer, at, state);
    case 'unknown':
      run.unknownCommand(inner.reason, bare, at);
      return unknownOutput;
    case 'doubt':
      run.doubt(inner.reason, told.text, told.span);
      return unknownOutput;
  }
}

function inside(inner: Inner, outer: Outer): Context {
  const { program, at, told } = outer;
  const { input: _, ...rest } = at;
  const changed = (inner.assignments ?? []).some((word) => isDangerousVariable(nameOf(word)));
  return {
    ...(inner.apart === true ? { ...rest, piped: false } : at),
    wrappers: [...at.wrappers, program],
    depth: at.depth + 1,
    privileged: at.privileged || inner.privileged === true,
    fromFile: at.fromFile || inner.fromFile === true,
    elsewhere: at.elsewhere || inner.elsewhere === true,
    disguised: at.disguised || changed,
    ...(inner.fromFile === true && inner.kind === 'script' ? { calls: [...at.calls, calledScript(inner, outer)] } : {}),
    ...(told.span === undefined ? {} : { span: told.span }),
  };
}

/** A script of a file and where it runs, as a name among what is being run. */
function calledScript({ text, directory }: Extract<Inner, { readonly kind: 'script' }>, { state }: Outer): string {
  return `script ${[...state.directories, directory ?? '.', text].map(textOf).join('\n')}`;
}

function nameOf(word: Word): string {
  return /^[A-Za-z_]\w*/.exec(isKnown(word) ? word : (word.parts[0] ?? ''))?.[0] ?? '';
}

/** The shell that a new program sees: what was exported, and what is set for it alone. */
function shellOf(inner: Inner, { state, told, run }: Outer, at: Context): State {
  const child = inner.elsewhere === true ? new State() : state.child();
  if (inner.directory !== undefined) child.directories = state.directories.map((from) => enter(from, inner.directory ?? '.'));
  for (const word of inner.assignments ?? []) {
    const name = nameOf(word);
    const value: Word = isKnown(word) ? word.slice(word.indexOf('=') + 1) : anything(word.text);
    child.set(name, value);
    child.export(name);
    commandVariables([[name, value]], told, run, at, child);
  }
  return child;
}

function script(text: Word, told: Told, run: Interpreter, at: Context, state: State): Word {
  if (isKnown(text)) return run.script(text, at, state);
  if (text.parts.every((part) => part === undefined)) {
    if (text.origin === 'environment' && /^"?[$]\([^)]*\)"?$/.test(text.text))
      run.doubt('the output of a program is run', text.text, told.span);
    else run.unknownCommand(text.origin === 'output' ? 'the output of a command is run' : `a script is not known (${text.text})`, told, at);
    if (text.origin === 'output') run.pipesToInterpreter();
    if (at.depth > 0) state.cloud();
    return unknownOutput;
  }
  return run.script(text, at, state);
}

function code(inner: Extract<Inner, { readonly kind: 'code' }>, told: Told, run: Interpreter, at: Context, state: State): Word {
  if (inner.language === 'powershell') runPowerShell(inner.text, told, run, at, state);
  else inspectCode(inner.language, inner.text, { told, run, at, state });
  return unknownOutput;
}

/** A file that is run: judged by its text where that can be read. */
function file(inner: Extract<Inner, { readonly kind: 'file' }>, told: Told, outer: Outer, at: Context, state: State): Word {
  const { run } = outer;
  const text = knownFile(inner.path, at.elsewhere ? undefined : run.surroundings, outer.state);
  if (text === undefined) {
    unread(inner, told, run, at);
    if (inner.same === true) state.cloud();
    return unknownOutput;
  }
  const own = wroteFile(inner.path, run.surroundings, outer.state);
  const within: Context = { ...at, fromFile: at.fromFile || (!own && isKnown(text)) };
  if (at.calls.includes(`file ${textOf(inner.path)}`)) return unknownOutput;
  const language = inner.shellFile ? 'shell' : ((isKnown(text) ? languageOfText(text) : undefined) ?? inner.language);
  // A program in the form of bytes is no script.
  if (isKnown(text) && text.slice(0, 512).includes('\0')) return unknownOutput;
  if (
    !inner.shellFile &&
    inner.language === 'shell' &&
    isKnown(text) &&
    !text.startsWith('#!') &&
    languageOf(textOf(inner.path)) === undefined &&
    !own
  )
    return unknownOutput;
  const named: Context = { ...within, calls: [...at.calls, `file ${textOf(inner.path)}`] };
  if (language !== 'shell') return code({ kind: 'code', language, text }, told, run, named, state);
  state.positional = inner.args;
  return script(text, told, run, named, state);
}

function unread(inner: Extract<Inner, { readonly kind: 'file' }>, told: Told, run: Interpreter, at: Context): void {
  const { path } = inner;
  if (!isKnown(path) && path.origin === 'output') {
    run.unknownCommand('the output of a command is run', told, at);
    run.pipesToInterpreter();
  } else if ((inner.shellFile || inner.language === 'powershell') && !at.fromFile)
    run.doubt(`the script ${textOf(path)} was not read`, textOf(path), told.span);
}

/** A program that takes what to run from its standard input. */
function input(inner: Extract<Inner, { readonly kind: 'input' }>, told: Told, outer: Outer, at: Context, state: State): Word {
  const { run } = outer;
  const text = at.input;
  const { input: _, ...rest } = at;
  const within: Context = { ...rest, piped: false };
  if (text === undefined || (!isKnown(text) && text.parts.every((part) => part === undefined))) {
    if (!at.piped) return unknownOutput;
    run.unknownCommand('what is piped into an interpreter is run', told, within);
    run.pipesToInterpreter();
    return unknownOutput;
  }
  if (!isKnown(text) && text.origin === 'output') run.pipesToInterpreter();
  if (inner.language !== 'shell') return code({ kind: 'code', language: inner.language, text }, told, run, within, state);
  state.positional = inner.args;
  return script(text, told, run, within, state);
}
