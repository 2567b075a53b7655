import type { Language } from '../inner.ts';
import { effectOf, type Effect } from './rules.ts';
import type { Token } from './tokens.ts';
import { closingIndex, splitArguments, statement, stringOf } from './values.ts';

/** A call of something that matters. */
export interface Call {
  readonly name: string;
  readonly effect: Effect;
  /** The tokens of each argument that has no name. */
  readonly args: readonly (readonly Token[])[];
  /** Those of the value that a method is called on. */
  readonly receiver: readonly Token[];
}

/** Arguments without brackets are looked for in so many tokens. */
const maxStatement = 200;

/** So long a chain of methods is followed back. */
const maxLinks = 6;

const withoutBrackets: ReadonlySet<Language> = new Set(['perl', 'ruby', 'lua', 'php']);

/** Every call of the text whose name has an effect, under whatever other name it was given. */
export function callsOf(tokens: readonly Token[], language: Language): readonly Call[] {
  const aliases = aliasesOf(tokens, language);
  const calls: Call[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const named = nameAt(tokens, at, language);
    if (named === undefined || isDefinition(tokens[at - 1])) continue;
    const name = aliases.get(named.name) ?? withModule(named.name, aliases);
    const effect = effectOf(name, language) ?? (isComputed(named.name, language, tokens[named.next]) ? 'hidden' : undefined);
    const args = effect === undefined ? undefined : argumentsAt(tokens, named.next, language, effect);
    if (effect === undefined || args === undefined) continue;
    calls.push({ name, effect, args: args.filter((part) => !isNamed(part)).map(withoutName), receiver: receiverOf(tokens, at, name) });
  }
  return calls;
}

/** `s.run` after `import subprocess as s`. */
function withModule(name: string, aliases: ReadonlyMap<string, string>): string {
  const dot = name.indexOf('.');
  const module = dot > 0 ? aliases.get(name.slice(0, dot)) : undefined;
  return module === undefined ? name : module + name.slice(dot);
}

interface Named {
  readonly name: string;
  readonly next: number;
}

function nameAt(tokens: readonly Token[], at: number, language: Language): Named | undefined {
  const token = tokens[at];
  const [open, key, close] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  // `object['method'](…)` is `object.method(…)`.
  if (
    language === 'javascript' &&
    isMark(open, '[') &&
    key?.kind === 'string' &&
    isMark(close, ']') &&
    (token?.kind === 'name' || isMark(token, ')'))
  ) {
    const method = stringOf(key.pieces, new Map());
    return { name: `${token?.kind === 'name' ? token.text : ''}.${typeof method === 'string' ? method : '?'}`, next: at + 4 };
  }
  if (token?.kind !== 'name') return undefined;
  return { name: token.text.replaceAll(/->|\?\.|:(?!:)(?<!::)/g, '.'), next: at + 1 };
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

/** `$f(…)`: a function by a name that may be any. */
function isComputed(name: string, language: Language, next: Token | undefined): boolean {
  return language === 'php' && /^\$\w+$/.test(name) && isMark(next, '(');
}

function isDefinition(before: Token | undefined): boolean {
  return before?.kind === 'name' && /^(def|function|fn|func|class|sub|import|from|use|package)$/.test(before.text);
}

function argumentsAt(tokens: readonly Token[], at: number, language: Language, effect: Effect): readonly (readonly Token[])[] | undefined {
  if (isMark(tokens[at], '(')) return splitArguments(tokens.slice(at + 1, closingIndex(tokens, at)));
  if (effect === 'network') return [];
  const first = tokens[at];
  if (!withoutBrackets.has(language) || first === undefined) return undefined;
  // `open F, "<", …` and `open my $f, …`.
  if (effect === 'open' && first.kind === 'name') return splitArguments(untilEnd(tokens, at));
  // A text, a variable or a list right behind the name.
  if (first.kind === 'string' || (first.kind === 'name' && /^[$@]/.test(first.text)))
    return splitArguments(statement(tokens, at).length === 0 ? [first] : untilEnd(tokens, at));
  return language === 'ruby' && first.kind === 'name' && !/^(if|unless|do|and|or|end)$/.test(first.text) && tokens[at - 1]?.kind === 'name'
    ? splitArguments(untilEnd(tokens, at))
    : undefined;
}

function untilEnd(tokens: readonly Token[], from: number): readonly Token[] {
  const rest = tokens.slice(from, from + maxStatement);
  const end = rest.findIndex((token) => token.kind === 'mark' && /^[;\n}]$/.test(token.text));
  return end < 0 ? rest : rest.slice(0, end);
}

/** `shell=True`, `cwd: '/x'`: an argument with a name, unless it names what is run. */
function isNamed(part: readonly Token[]): boolean {
  const [name, mark] = part;
  return name?.kind === 'name' && (isMark(mark, '=') || isMark(mark, ':')) && !/^(args|command|path|cmd)$/.test(name.text);
}

function withoutName(part: readonly Token[]): readonly Token[] {
  return part[0]?.kind === 'name' && isMark(part[1], '=') ? part.slice(2) : part;
}

function receiverOf(tokens: readonly Token[], at: number, name: string): readonly Token[] {
  if (!name.startsWith('.')) {
    const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    return owner === '' ? [] : [{ kind: 'name', text: owner }];
  }
  let depth = 0;
  for (let from = at - 1; from >= 0; from -= 1) {
    const token = tokens[from];
    if (token?.kind !== 'mark') continue;
    if (/^[)\]]$/.test(token.text)) depth += 1;
    if (/^[([]$/.test(token.text)) depth -= 1;
    if (depth === 0) return tokens.slice(chainStart(tokens, from), at);
  }
  return [];
}

/** Where what a bracket belongs to begins: `Path('a').joinpath(` goes back to `Path`. */
function chainStart(tokens: readonly Token[], bracket: number, links = 0): number {
  const name = tokens[bracket - 1];
  if (name?.kind !== 'name') return bracket;
  const before = tokens[bracket - 2];
  if (!name.text.startsWith('.') || before === undefined) return bracket - 1;
  if (before.kind === 'string') return bracket - 2;
  if (!isMark(before, ')') || links > maxLinks) return bracket - 1;
  let depth = 0;
  for (let from = bracket - 2; from >= 0; from -= 1) {
    const token = tokens[from];
    if (isMark(token, ')')) depth += 1;
    if (isMark(token, '(')) depth -= 1;
    if (depth === 0) return chainStart(tokens, from, links + 1);
  }
  return bracket - 1;
}

/** Other names of functions: `import system as s`, `s = os.system`, `{exec: e} = require(…)`. */
function aliasesOf(tokens: readonly Token[], language: Language): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const [at, token] of tokens.entries()) {
    const [mark, other] = [tokens[at + 1], tokens[at + 2]];
    if (token.kind !== 'name' || other?.kind !== 'name') continue;
    if (mark?.kind === 'name' && mark.text === 'as') aliases.set(other.text, token.text);
    else if (isMark(mark, '=') && !isMark(tokens[at + 3], '(') && effectOf(other.text, language) !== undefined)
      aliases.set(token.text, other.text);
    else if (language === 'javascript' && isMark(mark, ':') && effectOf(token.text, language) !== undefined)
      aliases.set(other.text, token.text);
  }
  return aliases;
}
