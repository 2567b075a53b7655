import type { Invocation, Word } from '../../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../../src/engine/shell/analyze.ts';
import { dangerousCommands } from './dangerous.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { runInBash, type Ran } from './real-bash.ts';

/** A text, and what real bash ran for it. */
export interface Seen {
  readonly text: string;
  readonly ran: readonly Ran[];
}

/** Mutates every dangerous command so often, runs all of them, and leaves out what does not run. */
export function runMutations(seed: number, perCommand: number): readonly Seen[] {
  const random = new Random(seed);
  const texts = dangerousCommands.flatMap((command) => Array.from({ length: perCommand }, () => mutate(command, random)));
  const names = [...new Set(dangerousCommands.map((command) => command.split(' ')[0] ?? ''))];
  const logs = runInBash(texts, names);
  return texts.map((text, index) => ({ text, ran: logs[index] ?? [] })).filter(({ ran }) => ran.length > 0);
}

/** Whether bash ran a program that the analysis neither found nor called unknown. */
export function hidesProgram(seen: Seen): boolean {
  return !isFound(seen, (found, [name]) => baseName(found.program) === name);
}

/** The same, where the arguments that it ran with have to be found, too. */
export function hidesArguments(seen: Seen): boolean {
  return !isFound(seen, (found, [name, ...args]) => baseName(found.program) === name && fits(found.args, args));
}

/** The figure, and some of the texts. */
export function describe(what: string, hiding: readonly Seen[], seen: readonly Seen[], shown: number): string {
  const share = ((hiding.length / seen.length) * 100).toFixed(2);
  const texts = hiding
    .slice(0, shown)
    .map(({ text, ran }) => `  ${JSON.stringify(text)} ran ${ran.map((words) => words.join(' ')).join('; ')}`);
  return [`${what}: ${hiding.length} of ${seen.length} mutated texts hide some (${share} %; required: at most 1 %)`, ...texts].join('\n');
}

function isFound({ text, ran }: Seen, isIt: (found: Invocation, ran: Ran) => boolean): boolean {
  const { invocations, unknown } = analyzeCommand(text, { cwd: '/home/dev/shop', home: '/home/dev' });
  if (unknown.length > 0 || invocations.some(({ program }) => program === undefined)) return true;
  return ran.every((words) => invocations.some((found) => isIt(found, words)));
}

function baseName(program: string | undefined): string | undefined {
  return program?.split('/').at(-1);
}

/** A word that may become several (or none) stands for any number of arguments; one that is not known for any argument. */
function fits([word, ...words]: readonly Word[], args: readonly string[]): boolean {
  if (word === undefined) return args.length === 0;
  if (typeof word === 'string') return word === args[0] && fits(words, args.slice(1));
  const takes = word.many ? Array.from({ length: args.length + 1 }, (_, count) => count) : [1];
  return takes.some((count) => count <= args.length && fits(words, args.slice(count)));
}
