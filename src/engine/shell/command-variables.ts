import type { Word } from './analysis.ts';
import type { Context, Interpreter, Told } from './interpreter.ts';
import type { State, Value } from './state.ts';
import { isKnown } from './word-parts.ts';

/** Variables whose value some program runs as a command. */
const scripts =
  /^(GIT_(SSH_COMMAND|SSH|EDITOR|SEQUENCE_EDITOR|PAGER|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|SSH_ASKPASS|SUDO_ASKPASS|PAGER|MANPAGER|SYSTEMD_PAGER|PSQL_PAGER|BAT_PAGER|EDITOR|VISUAL|FCEDIT|SUDO_EDITOR|KUBE_EDITOR|BROWSER|RSYNC_RSH|CVS_RSH|PROMPT_COMMAND|TAR_OPTIONS|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|SHELL)$/;
const files = /^(BASH_ENV|ENV)$/;

/** Looks into the values that are commands: they run when the program that reads the variable does. */
export function commandVariables(
  values: readonly (readonly [string, Value])[],
  told: Told,
  run: Interpreter,
  at: Context,
  state: State,
): void {
  for (const [name, value] of values) {
    if (value === null || Array.isArray(value) || !isWord(value)) continue;
    commandVariable(name, value, told, run, at, state);
  }
}

function isWord(value: Value): value is Word {
  return value !== null && !Array.isArray(value);
}

function commandVariable(name: string, value: Word, told: Told, run: Interpreter, at: Context, state: State): void {
  if (name === 'PS4') return prompt(value, told, run, at, state);
  const found = /^LESS(OPEN|CLOSE)$/.test(name) && isKnown(value) ? value.replace(/^\|+-?/, '').replaceAll('%s', '') : value;
  const isFile = files.test(name);
  if (value === '' || (!isFile && !scripts.test(name) && !/^LESS(OPEN|CLOSE)$/.test(name))) return;
  const inside: Context = {
    ...at,
    wrappers: [...at.wrappers, name],
    depth: at.depth + 1,
    ...(told.span === undefined ? {} : { span: told.span }),
  };
  if (isFile) run.command(['source', found], { ...told, files: [], assignments: [] }, inside, state.copy());
  else if (isKnown(found)) run.script(found, inside, state.copy());
  else run.doubt(`the variable ${name} holds a command that is not known`, found.text, told.span);
}

/** `set -x` expands this before every command: what it substitutes runs. */
function prompt(value: Word, told: Told, run: Interpreter, at: Context, state: State): void {
  if (!isKnown(value)) return value.origin === 'environment' ? undefined : run.doubt('the prompt PS4 is not known', value.text, told.span);
  if (!/[$`]/.test(value)) return;
  const inside: Context = {
    ...at,
    wrappers: [...at.wrappers, 'PS4'],
    depth: at.depth + 1,
    ...(told.span === undefined ? {} : { span: told.span }),
  };
  run.script(`: <<PS4\n${value}\nPS4\n`, inside, state.copy());
}
