import type { Word } from './analysis.ts';
import { enter } from './files.ts';
import type { Context, Interpreter, Told } from './interpreter.ts';
import { isDangerousVariable } from './programs.ts';
import type { State } from './state.ts';
import { anything, isKnown } from './word-parts.ts';

interface Builtin {
  readonly name: string;
  readonly args: readonly Word[];
  readonly told: Told;
  readonly at: Context;
  readonly state: State;
  readonly run: Interpreter;
}

/** What a builtin of the shell changes for the commands after it. */
export function runBuiltin(call: Builtin): void {
  if (Object.hasOwn(builtins, call.name)) builtins[call.name]?.(call);
}

const builtins: Readonly<Record<string, (call: Builtin) => void>> = {
  cd: changeDirectory,
  pushd: changeDirectory,
  popd: ({ state }) => move(state, anything('popd')),
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  read: ({ args, state, at }) => readValues(args, state, at),
  mapfile: forgetNames,
  readarray: forgetNames,
  getopts: forgetNames,
  let: ({ args, state }) =>
    forgetAll(
      args.map((arg) => (isKnown(arg) ? (/^[A-Za-z_]\w*/.exec(arg)?.[0] ?? arg) : arg)),
      state,
    ),
  printf: ({ args, state }) => {
    if (args[0] === '-v') forgetAll(args.slice(1, 2), state);
    state.status = 'done';
  },
  echo: ({ state }) => succeed(state),
  ':': ({ state }) => succeed(state),
  true: ({ state }) => succeed(state),
  false: ({ state }) => {
    state.status = 'failed';
  },
  unset: ({ args, state }) => {
    for (const arg of args) if (isKnown(arg) && /^[A-Za-z_]\w*$/.test(arg)) state.set(arg, null);
    if (args.some((arg) => !isKnown(arg))) state.cloud();
  },
  set: setArguments,
  shift: ({ args, state }) => {
    const count = args[0] === undefined ? 1 : isKnown(args[0]) && /^\d+$/.test(args[0]) ? Number(args[0]) : undefined;
    const uncertain = state.positional?.slice(0, count).some((word) => !isKnown(word) && word.many) ?? true;
    state.positional = count === undefined || uncertain ? undefined : state.positional?.slice(count);
  },
  alias: ({ args, state, run }) => {
    for (const arg of args) {
      const text = isKnown(arg) ? arg : (arg.parts[0] ?? '');
      const equals = text.indexOf('=');
      if (equals < 1) continue;
      run.redefines(text.slice(0, equals));
      state.setAlias(
        text.slice(0, equals),
        isKnown(arg) ? arg.slice(equals + 1) : { ...arg, parts: [text.slice(equals + 1), ...arg.parts.slice(1)] },
      );
    }
  },
  enable: redefine,
  hash: redefine,
  exit: end,
  return: end,
  break: end,
  continue: end,
};

function succeed(state: State): void {
  state.status = 'done';
}

function end({ state }: Builtin): void {
  state.ended = true;
}

function redefine({ args, run }: Builtin): void {
  for (const arg of args) if (isKnown(arg) && !arg.startsWith('-')) run.redefines(arg);
}

function changeDirectory({ args, state, run, name }: Builtin): void {
  const words = args.filter((arg) => !(isKnown(arg) && /^(-[A-Za-z@]+|--)$/.test(arg)));
  const [target] = words.length === 0 ? [name === 'cd' ? '~' : anything('pushd')] : words;
  const to: Word = target === '-' || target === undefined || (isKnown(target) && /^[-+]\d/.test(target)) ? anything('cd -') : target;
  run.changesDirectory(to);
  move(state, to);
}

/** After this the shell is elsewhere, or where it was if that failed. */
function move(state: State, to: Word): void {
  const before = state.directories;
  const known = isKnown(to) && (to.startsWith('/') || to.startsWith('~'));
  state.directories = known ? [to] : before.map((from) => enter(from, to));
  state.otherwise = before;
}

function declare(call: Builtin): void {
  const { args, state, name, run, told, at } = call;
  const options = args.filter((arg): arg is string => isKnown(arg) && /^[-+]/.test(arg));
  if (options.some((option) => option.startsWith('-') && option.includes('n')) && name !== 'export') state.cloud();
  for (const arg of args) {
    const text = isKnown(arg) ? arg : (arg.parts[0] ?? '');
    const match = /^([A-Za-z_]\w*)(\+?=)?/.exec(text);
    if (match?.[1] === undefined) {
      if (!isKnown(arg)) state.cloud();
      continue;
    }
    if (name === 'local') {
      state.restoreLater(match[1]);
      if (match[2] === undefined) state.set(match[1], null);
    }
    if (match[2] !== undefined) give(state, match[1], match[2], arg, text, options);
    if (name === 'export' || options.some((option) => option.startsWith('-') && option.includes('x'))) state.export(match[1]);
    if (match[2] !== undefined && isDangerousVariable(match[1])) {
      run.changesEnvironment();
      run.variable(match[1], state.get(match[1]) ?? null, told, at, state);
    }
  }
}

/** `NAME=value` behind `declare` and the like. Values that are numbers or in another case are not followed. */
function give(state: State, variable: string, operator: string, arg: Word, text: string, options: readonly string[]): void {
  const changed = options.some((option) => /^-[a-zA-Z]*[iluc]/.test(option));
  if (operator === '+=' || changed) state.forget(variable);
  else
    state.set(
      variable,
      isKnown(arg) ? text.slice(variable.length + 1) : { ...arg, parts: [text.slice(variable.length + 1), ...arg.parts.slice(1)] },
    );
}

/** `read` with one variable and a known line gives it that line. */
function readValues(args: readonly Word[], state: State, at: Context): void {
  const names = args.filter((arg) => isKnown(arg) && /^[A-Za-z_]\w*$/.test(arg));
  const plain = args.every((arg) => isKnown(arg) && (arg === '-r' || /^[A-Za-z_]\w*$/.test(arg)));
  const [name] = names;
  if (
    plain &&
    names.length === 1 &&
    isKnown(name) &&
    isKnown(at.input) &&
    !at.input.replace(/\n$/, '').includes('\n') &&
    !at.input.includes('\\')
  )
    state.set(name, at.input.trim());
  else forgetAll(args, state);
  if (names.length === 0) state.forget('REPLY');
}

function forgetNames({ args, state }: Builtin): void {
  forgetAll(args, state);
  state.forget('MAPFILE');
}

function forgetAll(args: readonly Word[], state: State): void {
  for (const arg of args) {
    if (!isKnown(arg)) return state.cloud();
    if (/^[A-Za-z_]\w*$/.test(arg)) state.forget(arg);
    else if (/^-a[A-Za-z_]/.test(arg)) state.forget(arg.slice(2));
  }
}

function setArguments({ args, state }: Builtin): void {
  const at = args.indexOf('--');
  if (at >= 0) state.positional = args.slice(at + 1);
  else if (args.some((arg) => !isKnown(arg))) state.positional = undefined;
  else {
    const first = args.findIndex((arg, index) => isKnown(arg) && !/^[-+]/.test(arg) && !takesName(args[index - 1]));
    if (first >= 0) state.positional = args.slice(first);
  }
}

/** `set -o NAME`. */
function takesName(option: Word | undefined): boolean {
  return isKnown(option) && /^[-+][a-zA-Z]*o$/.test(option);
}
