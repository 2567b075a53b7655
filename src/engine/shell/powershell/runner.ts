import type { Span, Word } from '../analysis.ts';
import { meaningOf } from './aliases.ts';
import { bind } from './bind.ts';
import { runCmdlet } from './cmdlet-runs.ts';
import type { Gathering, Place } from './gathering.ts';
import { runProgram, runScriptFile } from './programs.ts';
import { readScript } from './read-script.ts';
import { anything, type Argument, type Command, type Element, type Redirect } from './script.ts';
import { added, isWindowsPath, unknown, type Step } from './step.ts';
import { isSymbol } from './strings.ts';
import { hostsIn, pathOf } from './uses.ts';

const maxDepth = 8;

/** Gathers what a text runs. */
export function runScript(gathering: Gathering, text: string, place: Place): void {
  if (place.depth > maxDepth) return gathering.fail('it is nested too deeply', place);
  if (!gathering.mayRead(text.length)) return gathering.fail('it is too much to be read', place);
  const { script, failed } = readAgain(text);
  gathering.defines(script.redefined, script.assigned);
  for (const { reason, text: word, span } of script.unknown) gathering.note({ reason, text: word, ...spanAt(place, span) });
  for (const pipeline of script.pipelines) {
    let piped: readonly Word[] | undefined;
    for (const element of pipeline) {
      if (gathering.isFull) return gathering.fail('it runs too many commands', place);
      piped = runElement(gathering, element, place, piped) ?? [anything('what comes through the pipe')];
    }
  }
  const hosts = script.calls.length === 0 ? [] : hostsIn({ parts: [text], many: true, names: false, text });
  for (const call of script.calls) gathering.unknown(call.reason, call.text, place, spanAt(place, call.span).span, hosts);
  if (failed === undefined) return;
  gathering.fail(`PowerShell is not understood from "${text.slice(failed.at, failed.at + 20)}" on: ${failed.reason}`, place);
}

/** Variables such as `$HOME` are what they usually are only where the text does not set them. */
function readAgain(text: string): ReturnType<typeof readScript> {
  const first = readScript(text, new Set());
  return [...first.script.assigned].some(isSymbol) ? readScript(text, first.script.assigned) : first;
}

function spanAt({ depth }: Place, span: Span | undefined): { readonly span?: Span } {
  return depth > 0 || span === undefined ? {} : { span };
}

/** What goes on through the pipe, where that is known. */
function runElement(gathering: Gathering, element: Element, place: Place, piped: readonly Word[] | undefined): readonly Word[] | undefined {
  const step: Step = {
    gathering,
    place,
    text: element.text,
    span: spanAt(place, element.span),
    files: element.redirects.flatMap(redirected),
    piped,
    runText: (text, inner) => runScript(gathering, text, inner),
  };
  if (element.kind === 'command' && element.name !== undefined) return runCommand(step, element, element.name);
  // An expression, or a block that was opened up, runs nothing itself.
  if (step.files.length > 0) added(step, { program: ':', args: [] });
  return element.kind === 'value' ? element.words : undefined;
}

function redirected({ target }: Redirect): Step['files'] {
  const path = pathOf(target, false);
  return path === undefined ? [] : [{ mode: 'write', target: path }];
}

function runCommand(step: Step, { args, operator }: Command, name: Word): readonly Word[] | undefined {
  if (typeof name !== 'string') {
    if (name.text.includes('(') && step.gathering.isTalking) step.gathering.pipes();
    unknown(step, `which command ${name.text} is cannot be known before it runs`);
    return undefined;
  }
  // Versions differ in what a backtick makes of the letter behind it.
  if (/^(?:[&.]\s*)?[^\s'"]*`/.test(step.text)) {
    step.gathering.change('the name of a command is written with backticks', step.text);
    unknown(step, 'the name of a command is written with backticks');
  }
  if (/\.psm?1$/i.test(name)) runScriptFile(step, name, wordsOf(args));
  else if (operator === '.') unknown(step, `what "${name}" defines is not known`);
  else return runNamed(step, name, args);
  return undefined;
}

/** A name may be a cmdlet's on one system and a program's on another: then both are looked at. */
function runNamed(step: Step, name: string, args: readonly Argument[]): readonly Word[] | undefined {
  const onWindows = isWindowsPath(step.gathering.surroundings.cwd);
  const { cmdlet, isProgram } = meaningOf(name, onWindows);
  if (cmdlet === undefined) {
    runProgram(step, name, wordsOf(args));
    return undefined;
  }
  const bound = bind(cmdlet, args);
  const isSpelledOut = args.some(({ parameter = '' }) => parameter.length > 3);
  if (isProgram || (!bound.fits && !name.includes('-'))) runProgram(step, name, wordsOf(args));
  if (isProgram && !(bound.fits && (onWindows || isSpelledOut))) return undefined;
  return runCmdlet(step, cmdlet, bound, args);
}

/** As a program gets them. `-Name:value` is one word. */
function wordsOf(args: readonly Argument[]): readonly Word[] {
  return args.flatMap(({ parameter, words }): readonly Word[] => {
    const [first] = words;
    if (parameter === undefined) return words;
    if (first === undefined) return [parameter];
    if (typeof first === 'string') return [`${parameter}:${first}`, ...words.slice(1)];
    return [{ ...first, parts: [`${parameter}:`, ...first.parts] }, ...words.slice(1)];
  });
}
