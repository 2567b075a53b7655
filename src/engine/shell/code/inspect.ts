import type { FileUse, Word } from '../analysis.ts';
import type { Language } from '../inner.ts';
import type { Context, Interpreter, Told } from '../interpreter.ts';
import type { State } from '../state.ts';
import { isKnown } from '../word-parts.ts';
import { awkPipes, appleScripts } from './small-languages.ts';
import { callsOf, type Call } from './calls.ts';
import { filesOf, hostsOf } from './effects.ts';
import { environmentShown } from './environment.ts';
import { withHome } from './home.ts';
import { tokenize, type Token } from './tokens.ts';
import { isList, stringOf, valueOf, variablesOf, type CodeValue, type Variables } from './values.ts';

/** Around a piece of code: who runs it. */
export interface CodeContext {
  readonly told: Told;
  readonly run: Interpreter;
  readonly at: Context;
  readonly state: State;
}

const maxLength = 65_536;
const maxDepth = 24;

/** Looks for what a piece of code starts, deletes, writes, reads and contacts. What it cannot follow is unknown, never absent. */
export function inspectCode(language: Language, text: Word, context: CodeContext): void {
  const { run, told, at } = context;
  const source = isKnown(text) ? text : text.parts.map((part) => part ?? ' UNKNOWN ').join('');
  if (!isKnown(text) && (text.origin !== 'environment' || text.parts.every((part) => part === undefined))) {
    run.unknownCommand('the code of an interpreter is not known', told, at);
    if (text.origin === 'output') run.pipesToInterpreter();
    if (text.parts.every((part) => part === undefined)) return;
  }
  if (source.length > maxLength || at.depth > maxDepth) return run.fail('its code is too long or too deeply nested', '');
  if (language === 'applescript') return appleScripts(source, context);
  if (language === 'other' || language === 'powershell') return run.unknownCommand('code in this language is not looked into', told, at);
  const tokens = tokenize(source, language);
  if (tokens === undefined) return run.fail('its code is too long or too deeply nested', '');
  run.spend(tokens.length / 4);
  inspectTokens(withHome(tokens), language, source, context);
}

function inspectTokens(tokens: readonly Token[], language: Language, source: string, context: CodeContext): void {
  const variables = variablesOf(tokens);
  const calls = callsOf(tokens, language).filter((call) => isMeant(call, language, source));
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'shell') runScript(stringOf(token.pieces, variables), context);
    const before = tokens[at - 1];
    if (language === 'javascript' && token.kind === 'string' && before?.kind === 'mark' && before.text === '$')
      runScript(stringOf(token.pieces, variables), context);
  }
  if (language === 'javascript' && startsByComputedName(tokens, source))
    context.run.unknownCommand('the code looks up what it runs', context.told, context.at);
  if (language === 'awk') awkPipes(tokens, variables, context);
  const files: FileUse[] = [];
  for (const call of calls) {
    context.run.spend(call.args.reduce((length, part) => length + part.length, 0));
    inspectCall(call, language, variables, files, context);
  }
  const hosts = calls.some(({ effect }) => effect === 'network') ? hostsOf(tokens) : [];
  if (calls.some(({ effect }) => effect === 'network')) context.run.talks();
  // What prints the whole environment does what `printenv` does.
  if (environmentShown(tokens, language)) runList(['printenv'], context);
  const sure = context.at.fromFile ? files.filter(({ target }) => isKnown(target)) : files;
  context.run.amend(context.told.owner, sure, hosts);
}

/** `object[name](…)` next to something that could start a program. */
function startsByComputedName(tokens: readonly Token[], source: string): boolean {
  if (!/child_process|globalThis|process\.|\bglobal\b|constructor/.test(source)) return false;
  return tokens.some((token, at) => {
    const [before, inside, next] = [tokens[at - 2], tokens[at - 1], tokens[at + 1]];
    if (token.kind !== 'mark' || token.text !== ']' || next?.kind !== 'mark' || next.text !== '(') return false;
    return !(before?.kind === 'mark' && before.text === '[' && (inside?.kind === 'string' || inside?.kind === 'number'));
  });
}

/** `exec` of JavaScript is that of regular expressions more often than that of `child_process`; bare names need their module. */
function isMeant({ name, effect }: Call, language: Language, source: string): boolean {
  if (language === 'javascript' && effect === 'start') return name.endsWith('Sync') || /child_process|shelljs|execa|zx/.test(source);
  if (language === 'python' && /^(run|call)$/.test(name)) return source.includes('subprocess');
  return language !== 'python' || name !== 'remove' || /\bos\b/.test(source);
}

function inspectCall(call: Call, language: Language, variables: Variables, files: FileUse[], context: CodeContext): void {
  const values = call.args.map((part) => valueOf(part, variables) ?? '');
  switch (call.effect) {
    case 'start':
      return start(values, context);
    case 'spawn':
      return spawn(values, 0, context);
    case 'argv':
      return spawn(values, 1, context);
    case 'code':
      return nested(call, values, language, context);
    case 'hidden':
      return hidden(call, values, context);
    case 'network':
      return;
    default:
      files.push(...filesOf(call, values, variables, language, (text) => runScript(text, context)));
  }
}

/** One text is a script; a list, or several texts, are words. */
function start(values: readonly CodeValue[], context: CodeContext): void {
  const [first, ...rest] = values;
  if (first === undefined) return;
  if (isList(first)) return runList(first, context);
  const words = rest.filter((value): value is Word => !isList(value) && isKnown(value));
  if (words.length > 0 && words.length === rest.length && isKnown(first) && !/\s/.test(first)) return runList([first, ...words], context);
  runScript(first, context);
}

function spawn(values: readonly CodeValue[], names: number, context: CodeContext): void {
  const [first, second, ...rest] = values;
  if (first === undefined) return;
  if (isList(first)) return runList(first, context);
  if (second === undefined && isKnown(first) && /\s/.test(first)) return runScript(first, context);
  const args = isList(second) ? second : [second, ...rest].filter((value): value is Word => value !== undefined && !isList(value));
  runList([first, ...args.slice(names)], context);
}

function runList(words: readonly Word[], { run, told, at, state }: CodeContext): void {
  const [first] = words;
  if (first === undefined || !isKnown(first)) run.unknownCommand('the code starts a program that is not known', told, at, words.slice(1));
  else run.command(words, { ...told, files: [], assignments: [] }, at, state.child());
}

function runScript(text: Word, { run, told, at, state }: CodeContext): void {
  const known = isKnown(text) || text.parts.some((part) => part !== undefined && part.trim() !== '');
  if (known) run.script(text, at, state.child());
  else run.unknownCommand('the code starts a program that is not known', told, at);
}

function nested({ args }: Call, values: readonly CodeValue[], language: Language, context: CodeContext): void {
  const [first] = args[0] ?? [];
  const value = values.at(language === 'javascript' ? -1 : 0);
  if (first === undefined || value === undefined || (first.kind === 'mark' && first.text === '{')) return;
  // `require Module` of Perl names no text.
  if (language === 'perl' && first.kind === 'name' && !first.text.startsWith('$')) return;
  if (!isList(value) && isKnown(value)) inspectCode(language, value, { ...context, at: { ...context.at, depth: context.at.depth + 1 } });
  else context.run.unknownCommand('the code runs text that it makes itself', context.told, context.at);
}

const dangerousModules = /^(os|subprocess|shutil|sys|builtins|__builtins__|socket|pty|importlib)$/;

/** A function or module that is looked up by a name: harmless when the name is a text of its own. */
function hidden({ name, args }: Call, values: readonly CodeValue[], { run, told, at }: CodeContext): void {
  const known = values.map((value) => !isList(value) && isKnown(value));
  if (name.endsWith('getattr')) {
    const [module] = args[0] ?? [];
    if (known[1] === true && !(module?.kind === 'name' && dangerousModules.test(module.text))) return;
    if (module?.kind === 'name' && !dangerousModules.test(module.text)) return;
  } else if (/^(__import__|require|import)$|import_module$/.test(name)) {
    if (known[0] === true || args.length === 0) return;
  } else if (/^(array_map|globals|vars|locals)$/.test(name) && args.every(([first]) => first?.kind !== 'string')) return;
  run.unknownCommand(`the code looks up what it runs (${name})`, told, at);
}
