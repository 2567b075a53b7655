import type { Invocation, ShellSurroundings, Word } from './analysis.ts';
import type { Context, Interpreter, NestedShell, Told } from './interpreter.ts';
import { placeOf } from './files.ts';
import { analyzePowerShell } from './powershell/analyze.ts';
import { shownDirectories } from './redirects.ts';
import type { State } from './state.ts';
import { isKnown } from './word-parts.ts';

/** PowerShell nests less deeply than shells do before it is unknown. */
const levels = 4;

/** Runs a text of PowerShell that a command of a shell gives to it. */
export function runPowerShell(text: Word, told: Told, run: Interpreter, at: Context, state: State): void {
  if (!isKnown(text)) {
    run.unknownCommand('what PowerShell runs is not known', told, at);
    if (text.origin === 'output') run.pipesToInterpreter();
    return;
  }
  run.spend(text.length / 8);
  const surroundings = around(run.surroundings, at, state);
  const { wrappers, privileged, fromFile, disguised } = at;
  const shell: NestedShell = run.nested(surroundings);
  const analysis = analyzePowerShell(
    text,
    { ...surroundings, shell: (inner, depth) => shell(inner, depth * levels) },
    { wrappers, privileged, fromFile, disguised, depth: Math.max(1, Math.ceil(at.depth / levels)) },
  );
  if (!analysis.parsed) run.fail('the text for PowerShell is not understood', text.slice(0, 80));
  if (analysis.pipesToInterpreter) run.pipesToInterpreter();
  if (analysis.network) run.talks();
  for (const part of analysis.unknown) run.doubt(part.reason, part.text, told.span);
  for (const directory of analysis.directories) run.changesDirectory(directory);
  for (const invocation of analysis.invocations) emit(invocation, told, run, at, state);
}

function emit(found: Invocation, told: Told, run: Interpreter, at: Context, state: State): void {
  // What a file holds is not certain enough to be held against the call.
  if (found.program === undefined && at.fromFile) return;
  run.emit({
    ...found,
    directories: found.directories.length > 0 ? found.directories : shownDirectories(state),
    ...(told.span === undefined ? {} : { span: told.span }),
  });
}

/** Files are found only where the directory is known, and on this machine. */
function around(surroundings: ShellSurroundings | undefined, at: Context, state: State): ShellSurroundings {
  const cwd = at.elsewhere ? undefined : placeOf('.', surroundings, state);
  if (surroundings === undefined || cwd === undefined) return { cwd: '.', home: surroundings?.home ?? '~' };
  return { ...surroundings, cwd };
}
