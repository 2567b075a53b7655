import { forEachChild, parse, type Command, type SyntaxNode, type Redirection, type Word as WordNode } from 'unbash';
import {
  noCommand,
  plainInvocation,
  type CommandAnalysis,
  type FileUse,
  type Invocation,
  type ShellSurroundings,
  type Word,
} from './analysis.ts';
import { declare, type Declarations } from './declarations.ts';
import { assignmentWord, changesEnvironment, lastingSetters } from './environment.ts';
import { baseName, networkPrograms, isDangerousVariable, interpreters } from './programs.ts';
import { innerOf, shells } from './unwrap.ts';
import { readWord } from './words.ts';

const maxBytes = 65_536;
const maxDepth = 12;
const maxInvocations = 5_000;

/**
 * What a shell text would run, without running anything. Never throws. Whatever is not understood makes the analysis
 * `dynamic` and adds an invocation whose program is unknown: it is never left out.
 */
export function analyzeCommand(text: string | undefined, _surroundings?: ShellSurroundings): CommandAnalysis {
  if (text === undefined) return noCommand;
  const gathering = new Gathering();
  try {
    gathering.script(text, [], 0);
  } catch {
    // The parser overflows the stack on hostile input: nothing is known then.
    gathering.fail(text);
  }
  return gathering.result(text);
}

class Gathering {
  readonly #invocations: Invocation[] = [];
  readonly #directories: Word[] = [];
  readonly #mentions: Word[] = [];
  readonly #declared: Declarations = { assigned: new Set(), redefined: new Set(), failed: false };
  #dynamic = false;
  #pipes = false;
  /** Whether the text changes the environment in a way that can make any program another. */
  #changed = false;

  fail(text: string): void {
    this.#declared.failed = true;
    this.#unknown(text, []);
  }

  result(text: string): CommandAnalysis {
    // What could not be read may run anything: an unknown command stands for it.
    if (this.#declared.failed && !this.#invocations.some((invocation) => invocation.program === undefined)) this.#unknown(text, []);
    const invocations = this.#invocations.map((invocation) =>
      this.#isDisguised(invocation) ? { ...invocation, disguised: true } : invocation,
    );
    return {
      text,
      parsed: !this.#declared.failed,
      dynamic: this.#dynamic || this.#changed || this.#declared.failed,
      unknown:
        this.#dynamic || this.#changed || this.#declared.failed ? [{ reason: 'a part of it is not known before it runs', text }] : [],
      invocations,
      pipesToInterpreter: this.#pipes,
      network: invocations.some((invocation) => invocation.program === undefined || networkPrograms.has(baseName(invocation.program))),
      directories: this.#directories,
      mentions: this.#mentions,
    };
  }

  script(text: string, wrappers: readonly string[], depth: number): void {
    if (text.length > maxBytes || depth > maxDepth) return this.fail(text);
    const script = parse(text);
    declare(script, this.#declared);
    this.#visit(script, wrappers, depth);
  }

  #visit(node: SyntaxNode, wrappers: readonly string[], depth: number): void {
    if (node.type === 'Command') this.#command(node, wrappers, depth);
    if (node.type === 'Assignment') this.#mention(node.value.type === 'Word' ? [node.value] : node.value.elements);
    if (node.type === 'For' || node.type === 'Select') this.#mention(node.wordlist ?? []);
    if (node.type === 'Case') this.#mention([node.word]);
    if (node.type === 'TestUnary') this.#mention([node.operand]);
    if (node.type === 'TestBinary') this.#mention([node.left, node.right]);
    if (node.type === 'Redirected') this.#redirected(node.redirects, wrappers);
    if (
      node.type === 'SimpleExpansion' ||
      node.type === 'ParameterExpansion' ||
      node.type === 'CommandExpansion' ||
      node.type === 'ProcessSubstitution'
    )
      this.#expansion(node);
    if (node.type === 'Pipeline') this.#pipeline(node.commands, wrappers, depth);
    else forEachChild(node, (child) => this.#visit(child, wrappers, depth));
  }

  #mention(words: readonly WordNode[]): void {
    for (const word of words) this.#mentions.push(this.#word(word));
  }

  #expansion(node: SyntaxNode): void {
    // `$HOME` and the like are known; whether this one is, the word that holds it says. Missing scripts are not understood.
    if ((node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') && node.script === undefined) this.fail(node.text);
  }

  #pipeline(commands: readonly SyntaxNode[], wrappers: readonly string[], depth: number): void {
    for (const [index, command] of commands.entries()) {
      const before = this.#invocations.length;
      this.#visit(command, wrappers, depth);
      if (index > 0 && this.#invocations.slice(before).some(readsProgram)) this.#pipes = true;
    }
  }

  #redirected(redirects: readonly Redirection[], wrappers: readonly string[]): void {
    const files = this.#files(redirects);
    if (files.length === 0) return;
    this.#add({
      ...plainInvocation,
      program: ':',
      args: [],
      wrappers,
      isWrapper: false,
      text: files.map((file) => textOf(file.target)).join(' '),
      files,
      disguised: false,
    });
  }

  #command(node: Command, wrappers: readonly string[], depth: number): void {
    const files = this.#files(node.redirects);
    const words = [...(node.name === undefined ? [] : [node.name]), ...node.args].map((word) =>
      word.type === 'Word' ? this.#word(word) : assignmentWord(word, this.#declared.assigned),
    );
    const environment = node.prefix.flatMap((item) => (item.type === 'Assignment' ? [item.name] : []));
    const text = this.#textOf(node);
    if (words.length === 0) {
      if (files.length > 0)
        this.#add({ ...plainInvocation, program: ':', args: [], wrappers, isWrapper: false, text, files, disguised: false });
      if (environment.some(isDangerousVariable)) this.#changed = true;
      return;
    }
    this.#run(words, { wrappers, files, text, disguised: environment.some(isDangerousVariable), depth });
    this.#shellInput(node, words[0], wrappers, depth);
  }

  #run(words: readonly Word[], context: RunContext): void {
    const [first, ...args] = words;
    const { wrappers, files, text, disguised, depth } = context;
    if (depth > maxDepth || this.#invocations.length > maxInvocations) return this.fail(text);
    if (typeof first !== 'string') {
      this.#dynamic = true;
      this.#add({
        ...plainInvocation,
        args,
        wrappers,
        isWrapper: false,
        text,
        files,
        disguised,
        ...(first !== undefined && !first.many ? {} : { args: [anything(text), ...args] }),
      });
      return;
    }
    const name = baseName(first);
    const inner = innerOf(name, args);
    this.#add({
      ...plainInvocation,
      program: first,
      args,
      wrappers,
      isWrapper: inner !== undefined,
      text,
      files,
      disguised: disguised || changesEnvironment(name, args),
    });
    if (lastingSetters.has(name) && changesEnvironment(name, args)) this.#changed = true;
    if (name === 'cd' || name === 'pushd')
      this.#directories.push(args.find((arg) => typeof arg !== 'string' || !/^-[A-Za-z]*$/.test(arg)) ?? '~');
    if (inner === undefined) return;
    const nested = [...wrappers, name];
    if (inner.kind === 'unknown') return this.#unknown(text, nested);
    if (inner.kind === 'script')
      return typeof inner.text === 'string' ? this.script(inner.text, nested, depth + 1) : this.#unknown(text, nested);
    const changed = disguised || changesEnvironment(name, args);
    this.#run(inner.more ? [...inner.words, anything('…')] : inner.words, {
      wrappers: nested,
      files: [],
      text,
      disguised: changed,
      depth: depth + 1,
    });
  }

  /** A shell that reads its script from a here-document or here-string. */
  #shellInput(node: Command, program: Word | undefined, wrappers: readonly string[], depth: number): void {
    if (typeof program !== 'string' || !shells.has(baseName(program))) return;
    for (const redirect of node.redirects) {
      if (redirect.type === 'HereDoc') {
        if (redirect.body.parts === undefined) this.script(redirect.body.text, [...wrappers, program], depth + 1);
        else this.#unknown(redirect.body.text, [...wrappers, program]);
      } else if (redirect.type === 'HereString') {
        const word = redirect.target === undefined ? undefined : this.#word(redirect.target);
        if (typeof word === 'string') this.script(word, [...wrappers, program], depth + 1);
        else this.#unknown(redirect.target?.text ?? '', [...wrappers, program]);
      }
    }
  }

  #files(redirects: readonly Redirection[]): readonly FileUse[] {
    return redirects.flatMap((redirect): readonly FileUse[] => {
      if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
      const target = this.#word(redirect.target);
      if (typeof target === 'string' && (target === '/dev/null' || (redirect.operator.endsWith('&') && /^(\d+|-)$/.test(target))))
        return [];
      if (redirect.operator === '<' || redirect.operator === '<&') return [{ mode: 'read', target }];
      return redirect.operator === '<>'
        ? [
            { mode: 'read', target },
            { mode: 'write', target },
          ]
        : [{ mode: 'write', target }];
    });
  }

  #word(node: WordNode): Word {
    const word = readWord(node, this.#declared.assigned);
    if (typeof word !== 'string' && !word.names) this.#dynamic = true;
    return word;
  }

  #textOf(node: Command): string {
    return [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]
      .map((item) => ('text' in item ? item.text : ''))
      .filter(Boolean)
      .join(' ');
  }

  #isDisguised({ program }: Invocation): boolean {
    return this.#changed || (program !== undefined && this.#declared.redefined.has(program));
  }

  #unknown(text: string, wrappers: readonly string[]): void {
    this.#dynamic = true;
    this.#add({ ...plainInvocation, args: [anything(text)], wrappers, isWrapper: false, text, files: [], disguised: true });
  }

  #add(invocation: Invocation): void {
    this.#invocations.push(invocation);
  }
}

interface RunContext {
  readonly wrappers: readonly string[];
  readonly files: readonly FileUse[];
  readonly text: string;
  readonly disguised: boolean;
  readonly depth: number;
}

/** Whether a program takes what to run from its input: an interpreter without a file and without a text of its own. */
function readsProgram({ program, args, isWrapper }: Invocation): boolean {
  if (program === undefined) return true;
  if (isWrapper || !interpreters.has(baseName(program))) return false;
  // `bash -s -- args` and `python -` read their program from the input although they have arguments.
  if (args.some((arg) => arg === '-' || (shells.has(baseName(program)) && typeof arg === 'string' && /^-[a-zA-Z]*s/.test(arg))))
    return true;
  return args.every((arg) => typeof arg !== 'string' || (arg.startsWith('-') && !/^-[a-zA-Z]*[cem]$|^--(eval|command|print)/.test(arg)));
}

function anything(text: string): Word {
  return { parts: [undefined], many: true, names: false, text };
}

function textOf(word: Word): string {
  return typeof word === 'string' ? word : word.text;
}
