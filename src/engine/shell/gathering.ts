import { parse, type SyntaxNode } from 'unbash';
import {
  plainInvocation,
  type CommandAnalysis,
  type FileUse,
  type Invocation,
  type ShellSurroundings,
  type Span,
  type UnknownPart,
  type Word,
} from './analysis.ts';
import { beyondReading, TooMuch, type Budget } from './bounds.ts';
import { commandVariables } from './command-variables.ts';
import type { Context, Interpreter, NestedShell, Told } from './interpreter.ts';
import { placeholders } from './placeholders.ts';
import { baseName, networkPrograms } from './programs.ts';
import { runWords } from './run-words.ts';
import type { State, Value } from './state.ts';
import { anything, isKnown, textOf, unknownOutput } from './word-parts.ts';
import { walk } from './walk.ts';

const maxInvocations = 5_000;
const maxParts = 50;
const maxDirectories = 200;
const maxScript = 65_536;

/** Collects what the reading of one text finds. One per analysis. */
export class Gathering implements Interpreter {
  readonly surroundings: ShellSurroundings | undefined;
  readonly #invocations: Invocation[] = [];
  readonly #directories = new Map<string, Word>();
  readonly #mentions: Word[] = [];
  readonly #unknown = new Map<string, UnknownPart>();
  readonly #redefined = new Set<string>();
  readonly #later: (readonly [Word, Context, number])[] = [];
  #failed = false;
  #dynamic = false;
  #pipes = false;
  #network = false;
  #changed = false;
  readonly #budget: Budget;
  readonly nested: (surroundings: ShellSurroundings) => NestedShell;

  constructor(surroundings: ShellSurroundings | undefined, budget: Budget, nested: (surroundings: ShellSurroundings) => NestedShell) {
    this.surroundings = surroundings;
    this.#budget = budget;
    this.nested = nested;
  }

  node(node: SyntaxNode, at: Context, state: State): Word {
    return walk(node, this, at, state);
  }

  script(text: Word, at: Context, state: State): Word {
    const source = isKnown(text) ? text : placeholders(text);
    this.#budget.script(source.length);
    const beyond = source.length > maxScript ? 'a script in it is longer than 64 KiB' : beyondReading(source);
    if (beyond !== undefined) {
      this.fail(beyond, source.slice(0, 80));
      return unknownOutput;
    }
    if (!isKnown(text) && text.origin !== 'environment')
      this.unknownCommand(
        `a part of a script is not known (${text.text})`,
        { text: text.text, files: [], assignments: [], ...(at.span === undefined ? {} : { span: at.span }) },
        at,
      );
    else if (!isKnown(text)) this.doubt('a value of the environment is part of a script', text.text, at.span);
    return walk(parse(source), this, { ...at, span: at.span ?? { start: 0, end: 0 }, depth: at.depth + 1 }, state);
  }

  command(words: readonly Word[], told: Told, at: Context, state: State): Word {
    if (at.depth > 32) {
      this.fail('it is nested too deeply', told.text.slice(0, 80));
      return unknownOutput;
    }
    return runWords(words, told, this, at, state);
  }

  variable(name: string, value: Value, told: Told, at: Context, state: State): void {
    commandVariables([[name, value]], told, this, at, state);
  }

  emit(invocation: Invocation): number {
    if (this.#invocations.length > maxInvocations) throw new TooMuch('it runs too many commands');
    this.#invocations.push(invocation);
    if (!invocation.fromFile) {
      for (const word of invocation.args) this.#look(word, invocation.span);
      for (const { target } of invocation.files) this.#look(target, invocation.span);
    }
    return this.#invocations.length - 1;
  }

  #look(word: Word, span: Span | undefined): void {
    if (isKnown(word) || word.names || (this.#dynamic && this.#unknown.size >= maxParts)) return;
    this.doubt(
      word.origin === 'output'
        ? 'the output of a command is not known before it runs'
        : `${word.text} has no value that is known before it runs`,
      word.text,
      span,
    );
  }

  amend(owner: number | undefined, files: readonly FileUse[], hosts: readonly string[]): void {
    const found = owner === undefined ? undefined : this.#invocations[owner];
    if (owner === undefined || found === undefined || (files.length === 0 && hosts.length === 0)) return;
    this.#invocations[owner] = { ...found, files: [...found.files, ...files], hosts: [...new Set([...found.hosts, ...hosts])] };
    for (const { target } of files) this.#look(target, found.span);
  }

  doubt(reason: string, text: string, span: Span | undefined): void {
    this.#dynamic = true;
    const key = `${reason}\n${text}`;
    if (this.#unknown.size < maxParts && !this.#unknown.has(key))
      this.#unknown.set(key, { reason, text, ...(span === undefined ? {} : { span }) });
  }

  unknownCommand(reason: string, told: Told, at: Context, args?: readonly Word[]): void {
    this.doubt(reason, told.text, told.span ?? at.span);
    // What a file holds is not certain enough to be held against the call.
    if (at.fromFile) return;
    const span = told.span ?? at.span;
    this.#invocations.push({
      ...plainInvocation,
      args: args ?? [anything(told.text)],
      wrappers: at.wrappers,
      text: told.text,
      files: told.files,
      assignments: told.assignments,
      privileged: at.privileged,
      disguised: true,
      ...(span === undefined ? {} : { span }),
    });
  }

  mention(word: Word): void {
    if (this.#mentions.length < maxInvocations) this.#mentions.push(word);
  }

  pipesToInterpreter(): void {
    this.#pipes = true;
  }

  talks(): void {
    this.#network = true;
  }

  changesDirectory(word: Word): void {
    if (this.#directories.size < maxDirectories) this.#directories.set(textOf(word), word);
    else this.#directories.set('', anything('a directory'));
  }

  changesEnvironment(): void {
    this.#changed = true;
  }

  redefines(name: string): void {
    this.#redefined.add(name);
  }

  fail(reason: string, text: string): void {
    this.#failed = true;
    this.doubt(reason, text, undefined);
  }

  spend(words: number): void {
    this.#budget.spend(words);
  }

  atEnd(text: Word, at: Context): void {
    if (this.#later.length < 16) this.#later.push([text, at, this.#redefined.size]);
  }

  /** What a `trap` runs when the text has come to its end. */
  finish(state: State): void {
    for (const [text, at, known] of this.#later) if (isKnown(text) && this.#redefined.size > known) this.script(text, at, state.copy());
  }

  result(text: string): CommandAnalysis {
    // What could not be read may run anything: an unknown command stands for it.
    if (this.#failed && !this.#invocations.some((invocation) => invocation.program === undefined))
      this.#invocations.push({ ...plainInvocation, args: [anything(text)], text, disguised: true });
    if (this.#changed) this.doubt('it changes the environment in which its commands run', text, undefined);
    const invocations = this.#invocations.map((invocation) =>
      within(text, this.#isDisguised(invocation) ? { ...invocation, disguised: true } : invocation),
    );
    return {
      text,
      parsed: !this.#failed,
      dynamic: this.#dynamic,
      unknown: [...this.#unknown.values()].map((part) => within(text, part)),
      invocations,
      pipesToInterpreter: this.#pipes,
      network: this.#network || invocations.some(({ program }) => program === undefined || networkPrograms.has(baseName(program))),
      directories: [...this.#directories.values()],
      mentions: this.#mentions,
    };
  }

  #isDisguised({ program }: Invocation): boolean {
    return this.#changed || (program !== undefined && this.#redefined.has(program));
  }
}

/** What the parser says of a broken text may lie outside of it. */
function within<T extends { readonly span?: Span }>(text: string, part: T): T {
  const { span } = part;
  if (span === undefined || (span.start >= 0 && span.start <= span.end && span.end <= text.length)) return part;
  const start = Math.min(Math.max(span.start, 0), text.length);
  return { ...part, span: { start, end: Math.min(Math.max(span.end, start), text.length) } };
}
