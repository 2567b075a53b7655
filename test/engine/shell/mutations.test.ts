import { beforeAll, expect, test } from 'vitest';
import type { Invocation, Word } from '../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import { dangerousCommands } from './mutations/dangerous.ts';
import { mutate } from './mutations/mutate.ts';
import { Random } from './mutations/random.ts';
import { hasBash, runInBash, type Ran } from './mutations/real-bash.ts';

const perCommand = 10;
const seed = 20_261_128;

/** Of the texts, at most this share may hide something from the analysis. */
const required = 0.01;
/** What the analysis of today is held to. It becomes `required` once the analysis is good enough; it never grows. */
const most = { programs: 0.145, arguments: 0.145 };

/** A text, and what real bash ran for it. */
interface Seen {
  readonly text: string;
  readonly ran: readonly Ran[];
}

let seen: readonly Seen[] = [];

beforeAll(() => {
  if (!hasBash()) return;
  const random = new Random(seed);
  const texts = dangerousCommands.flatMap((command) => Array.from({ length: perCommand }, () => mutate(command, random)));
  const names = [...new Set(dangerousCommands.map((command) => command.split(' ')[0] ?? ''))];
  const logs = runInBash(texts, names);
  seen = texts.map((text, index) => ({ text, ran: logs[index] ?? [] })).filter(({ ran }) => ran.length > 0);
}, 120_000);

test.runIf(hasBash())('the mutated texts still run: the measure measures something', () => {
  expect(dangerousCommands.length).toBeGreaterThanOrEqual(200);
  expect(seen.length).toBeGreaterThan(dangerousCommands.length * perCommand * 0.9);
});

test.runIf(hasBash())('every program that bash runs is found, or something is said to be unknown', () => {
  const silent = seen.filter(({ text, ran }) => !isFound(text, ran, (found, [name]) => baseName(found.program) === name));
  report('programs', silent, most.programs);
  expect(silent.length / seen.length).toBeLessThanOrEqual(most.programs);
});

test.runIf(hasBash())('so are the arguments that it runs with', () => {
  const silent = seen.filter(({ text, ran }) => !isFound(text, ran, hasArguments));
  report('arguments', silent, most.arguments);
  expect(silent.length / seen.length).toBeLessThanOrEqual(most.arguments);
});

function report(what: string, silent: readonly Seen[], allowed: number): void {
  console.log(
    `${what}: ${silent.length} of ${seen.length} mutated texts hide some (${percent(silent.length / seen.length)}; required: at most ${percent(required)})`,
  );
  if (silent.length <= allowed * seen.length) return;
  for (const { text, ran } of silent.slice(0, 20))
    console.log(`  ${JSON.stringify(text)} ran ${ran.map((words) => words.join(' ')).join('; ')}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function isFound(text: string, ran: readonly Ran[], isIt: (found: Invocation, ran: Ran) => boolean): boolean {
  const { invocations, unknown } = analyzeCommand(text, { cwd: '/home/dev/shop', home: '/home/dev' });
  if (unknown.length > 0 || invocations.some(({ program }) => program === undefined)) return true;
  return ran.every((words) => invocations.some((found) => isIt(found, words)));
}

function baseName(program: string | undefined): string | undefined {
  return program?.split('/').at(-1);
}

function hasArguments(found: Invocation, [name, ...args]: Ran): boolean {
  return baseName(found.program) === name && fits(found.args, args);
}

/** A word that may become several (or none) stands for any number of arguments; one that is not known for any argument. */
function fits([word, ...words]: readonly Word[], args: readonly string[]): boolean {
  if (word === undefined) return args.length === 0;
  if (typeof word === 'string') return word === args[0] && fits(words, args.slice(1));
  const takes = word.many ? Array.from({ length: args.length + 1 }, (_, count) => count) : [1];
  return takes.some((count) => count <= args.length && fits(words, args.slice(count)));
}
