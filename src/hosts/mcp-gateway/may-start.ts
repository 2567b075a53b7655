import { homeOf } from '../../storage/home.ts';
import { measure, type Measured } from '../../storage/artifact/measure.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { workspaceRoot } from '../../storage/surroundings.ts';
import * as z from 'zod/mini';
import type { Answer } from '../../agents/agent.ts';
import { imageByDigest } from '../../engine/artifact/plan.ts';
import type { Judge } from './judge.ts';
import { startPatienceOf } from './patience.ts';
import type { Speaker } from './speaker.ts';
import type { Wish } from './wish.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Starting {
  readonly wish: Wish;
  readonly judge: Judge;
  readonly speaker: Speaker;
  readonly env: Environment;
  readonly cwd: string;
}

/** How the server is to be started. */
export type Start = Pick<Measured, 'command' | 'args'>;

/** How it is started, or why it is not. */
export type Permission = Start | { readonly refused: string };

/** Asks whether the server may start. Whatever goes wrong on the way, it does not. */
export async function mayStart(starting: Starting): Promise<Permission> {
  const begun = performance.now();
  const { wish, judge, speaker, env } = starting;
  try {
    const measured = await found(starting);
    const waits = Math.max(0, startPatienceOf(speaker.name, env) - (performance.now() - begun));
    const about = 'fault' in measured ? { fault: measured.fault } : { source: measured.source };
    const from = { ...speaker.from(), command: [wish.command, ...wish.args], loads: loadsIn(env), waits };
    const answer = await judge.ask('mcpStart', { ...from, ...about });
    if ('fault' in measured) return { refused: measured.fault };
    if (answer.kind === 'refuse') return { refused: answer.reason };
    return { command: measured.command, args: argsFor(measured, answer) };
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

const shape = z.looseObject({ source: z.looseObject({ kind: z.literal('image'), digest: z.string() }) });

/** With the image as the digest that was decided on, where the line names only its tag. */
function argsFor({ command, args }: Measured, answer: Exclude<Answer, { readonly kind: 'refuse' }>): readonly string[] {
  if (answer.input === undefined) return args;
  const { source } = z.parse(shape, answer.input);
  return imageByDigest(command, args, source.digest);
}

async function found({ wish, env, cwd }: Starting): Promise<Measured | { readonly fault: string }> {
  try {
    return await measure({ ...wish, env, person: personHere(env), cwd, root: homeOf(env).root, workspace: workspaceRoot(cwd) });
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** What makes a program load code that nobody has looked at. */
export function loadsIn(env: Environment): Readonly<Record<string, string>> {
  const set = Object.entries(env).filter(([name, value]) => loading.test(name) && value !== undefined && value !== '');
  return Object.fromEntries(set.map(([name, value]) => [name, value ?? '']));
}

const loading =
  /^(NODE_OPTIONS|NODE_PATH|LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|RUBYOPT|PERL5OPT)$/;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
