import type { Invocation, Word } from '../analysis.ts';
import { isPowerShell, powershellInner } from './inner.ts';
import { textOf } from './script.ts';
import { shellText } from './shell-text.ts';
import { added, behind, isWindowsPath, unknown, type Step } from './step.ts';

/** A program that is no cmdlet. What it runs in turn, the analysis of shells tells. */
export function runProgram(step: Step, name: string, words: readonly Word[]): void {
  const { cwd } = step.gathering.surroundings;
  const slashed = name.replaceAll('\\', '/').replace(/\.(?:exe|cmd|bat|com)$/i, '');
  // Windows finds a program whatever the case of its name.
  const program = isWindowsPath(cwd) ? slashed.toLowerCase() : slashed;
  const short = program.slice(program.lastIndexOf('/') + 1);
  if (isPowerShell(short)) runPowerShell(step, program, short, words);
  else if (short.toLowerCase() === 'cmd') runCommandPrompt(step, words);
  else runShellWords(step, [program, ...words]);
}

function runShellWords(step: Step, words: readonly Word[]): void {
  const { gathering, piped } = step;
  const analysis = gathering.surroundings.shell(before(piped) + shellText(words), step.place.depth + 1);
  const own = piped === undefined ? analysis.invocations : analysis.invocations.slice(1);
  if (analysis.pipesToInterpreter) gathering.pipes();
  if (analysis.network) gathering.talks();
  gathering.folders(analysis.directories);
  for (const { reason } of analysis.unknown) gathering.note({ reason, text: step.text, ...step.span });
  if (!analysis.parsed) unknown(step, 'what the program runs is not understood');
  for (const [index, invocation] of own.entries()) gathering.add(placed(step, invocation, index === 0, words));
  if (analysis.pipesToInterpreter && own.length < 2)
    unknown(behind(step, textOf(words[0] ?? '')), 'what it gets through the pipe is not known');
}

/** What stands before the bar: the text itself, where it is known, else a program that stands for whatever writes there. */
function before(piped: readonly Word[] | undefined): string {
  if (piped === undefined) return '';
  const literal = piped.filter((word) => typeof word === 'string');
  return literal.length === piped.length ? `${shellText(['echo', literal.join('\n')])} | ` : 'ps | ';
}

function placed({ place, text, span, files }: Step, found: Invocation, isFirst: boolean, words: readonly Word[]): Invocation {
  const { span: _, ...invocation } = found;
  return {
    ...invocation,
    // The words are those of PowerShell; their quoting was only made up.
    ...(isFirst ? { args: words.slice(1), text, files: [...invocation.files, ...files] } : {}),
    wrappers: [...place.wrappers, ...invocation.wrappers],
    privileged: place.privileged || invocation.privileged,
    fromFile: place.fromFile || invocation.fromFile,
    disguised: place.disguised || invocation.disguised,
    ...span,
  };
}

function runPowerShell(step: Step, program: string, name: string, words: readonly Word[]): void {
  const inner = powershellInner(name, words);
  added(step, { program, args: words, isWrapper: inner !== undefined });
  const within = behind(step, program);
  if (inner?.kind === 'script') return step.runText(inner.text, within.place);
  if (inner?.kind === 'unknown') return unknown(within, inner.reason);
  if (inner?.kind === 'file' && typeof inner.path === 'string') return runScriptFile(within, inner.path, inner.args);
  if (inner?.kind === 'file') return unknown(within, 'which script it runs is not known');
  const { piped } = step;
  if (inner === undefined || piped === undefined) return;
  if (piped.every((word) => typeof word === 'string')) return step.runText(piped.join('\n'), within.place);
  step.gathering.pipes();
  unknown(within, 'what PowerShell gets through the pipe is not known');
}

/** A script that is run by its path is read where it can be. */
export function runScriptFile(step: Step, path: string, args: readonly Word[]): void {
  const { cwd, home, readText } = step.gathering.surroundings;
  const slashed = path.replaceAll('\\', '/').replace(/^\.\//, '');
  const absolute = slashed.startsWith('~/') ? home + slashed.slice(1) : /^(?:\/|[A-Za-z]:\/)/.test(slashed) ? slashed : `${cwd}/${slashed}`;
  const text = step.gathering.hasMoved ? undefined : readText?.(absolute);
  added(step, { program: path, args, isWrapper: text !== undefined });
  if (text === undefined) step.gathering.note({ reason: `the script ${path} cannot be read`, text: step.text, ...step.span });
  else step.runText(text, behind(step, path, { fromFile: true }).place);
}

/** `/c`, `/s/c`, and with the command at once: `/cdel`. */
const runsCommand = /^(?:\/[abdefqstuv](?::\w+)?)*\/[ckr](.*)$/is;

/** `cmd /c …`. */
function runCommandPrompt(step: Step, words: readonly Word[]): void {
  const at = words.findIndex((word) => typeof word === 'string' && runsCommand.test(word));
  const [, attached = ''] = runsCommand.exec(textOf(words[at] ?? '')) ?? [];
  const rest = [attached, ...words.slice(at + 1)];
  const text = rest.filter((word) => typeof word === 'string').join(' ');
  // The analysis of shells reads its operators and redirections.
  if (at >= 0 && rest.every((word) => typeof word === 'string') && /[&|<>^%"()]/.test(text)) return runShellWords(step, ['cmd', ...words]);
  added(step, { program: 'cmd', args: words, isWrapper: at >= 0 });
  if (at < 0) return;
  const within = behind(step, 'cmd');
  if (text.trim() === '' || rest.some((word) => typeof word !== 'string'))
    return unknown(within, 'the command for cmd is not known before it runs');
  const [name = '', ...args] = text.trim().split(/\s+/);
  if (!['del', 'erase', 'rd', 'rmdir'].includes(name.toLowerCase())) return runProgram(within, name, args);
  const targets = args.filter((arg) => !/^\/[a-z]/i.test(arg)).map((arg) => arg.replaceAll('\\', '/'));
  const recursive = args.some((arg) => /^\/s/i.test(arg));
  added(within, { program: name.toLowerCase(), args, files: targets.map((target) => ({ mode: 'delete', target, recursive })) });
}
