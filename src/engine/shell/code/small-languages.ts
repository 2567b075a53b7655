import type { Word } from '../analysis.ts';
import type { Context, Interpreter, Told } from '../interpreter.ts';
import type { State } from '../state.ts';
import { isKnown } from '../word-parts.ts';
import type { Token } from './tokens.ts';
import { isList, stringOf, type Variables } from './values.ts';

interface Around {
  readonly told: Told;
  readonly run: Interpreter;
  readonly at: Context;
  readonly state: State;
}

/** `"cmd" | getline`, `print | "cmd"` and `print > "file"` of awk. */
export function awkPipes(tokens: readonly Token[], variables: Variables, context: Around): void {
  const { run, told, at, state } = context;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    if (token.text === '|') {
      const reads = after?.kind === 'name' && after.text === 'getline';
      const text = valueOf(reads ? before : after?.kind === 'mark' && after.text === '&' ? tokens[index + 2] : after, variables);
      if (text !== undefined) run.script(text, at, state.child());
      else run.unknownCommand('awk runs a command that is not known', told, at);
    }
    if (token.text === '>' && after?.kind === 'string' && printsBefore(tokens, index)) {
      const target = stringOf(after.pieces, variables);
      if (target !== '/dev/stderr' && target !== '/dev/stdout') run.amend(told.owner, [{ mode: 'write', target }], []);
    }
  }
}

function valueOf(token: Token | undefined, variables: Variables): Word | undefined {
  if (token?.kind === 'string') return stringOf(token.pieces, variables);
  const value = token?.kind === 'name' ? variables.get(token.text) : undefined;
  return value === undefined || isList(value) || !isKnown(value) ? undefined : value;
}

function printsBefore(tokens: readonly Token[], index: number): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token?.kind === 'mark' && /^[;{}\n]$/.test(token.text)) return false;
    if (token?.kind === 'name' && /^printf?$/.test(token.text)) return true;
  }
  return false;
}

/** `do shell script "…"` and `do script "…"` of AppleScript, and what Finder is told to delete. */
export function appleScripts(source: string, { run, told, at, state }: Around): void {
  for (const found of source.matchAll(/\bdo\s+(?:shell\s+)?script\s+(?:"((?:\\.|[^"\\])*)"(\s*&)?|(\S+))([^\n]*)/g)) {
    const [, text, more, , rest = ''] = found;
    const inside = /administrator privileges/.test(rest) ? { ...at, privileged: true } : at;
    if (text === undefined || more !== undefined) run.unknownCommand('AppleScript runs a command that is not known', told, inside);
    else run.script(text.replaceAll(/\\(.)/g, '$1'), inside, state.child());
  }
  if (/\b(delete|empty\s+(the\s+)?trash|run\s+script|load\s+script|JXA|ObjC)\b/.test(source))
    run.doubt('AppleScript deletes or loads something', '', told.span);
}
