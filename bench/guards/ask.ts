import { spawn } from 'node:child_process';
import { availableParallelism, devNull } from 'node:os';
import * as z from 'zod/mini';
import type { Guard } from './guard.ts';
import type { Question } from './world.ts';

/** What a guard said: whether the call is stopped (denied, or put before a person), and whether its answer was one at all. */
export interface Said {
  readonly stopped: boolean;
  readonly failed: boolean;
}

export interface Answers {
  readonly said: ReadonlyMap<string, Said>;
  /** Milliseconds per decision, one after the other. */
  readonly ms: readonly number[];
}

/** Asks one guard everything. The times are taken from calls that run alone. */
export async function askAll(guard: Guard, questions: readonly Question[], home: string): Promise<Answers> {
  if (guard.protocol === 'json-lines') return askInLines(guard, questions, home);
  const said = new Map<string, Said>();
  const waiting = [...questions];
  const work = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) said.set(one.id, await askHook(guard, one, home));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const ms: number[] = [];
  for (const one of questions.filter((_, index) => index % Math.ceil(questions.length / 40) === 0)) {
    const before = performance.now();
    await askHook(guard, one, home);
    ms.push(performance.now() - before);
  }
  return { said, ms };
}

async function askHook(guard: Guard, { message }: Question, home: string): Promise<Said> {
  const { code, out } = await run(guard, JSON.stringify(message), home);
  // 2 refuses; to Claude Code every other code but 0 is a fault of the hook, and the call runs.
  if (code === 2) return { stopped: true, failed: false };
  return { stopped: code === 0 && refuses(out), failed: code !== 0 };
}

const answer = z.object({
  decision: z.optional(z.string()),
  continue: z.optional(z.boolean()),
  hookSpecificOutput: z.optional(z.object({ permissionDecision: z.optional(z.string()) })),
});

function refuses(out: string): boolean {
  const read = z.safeParse(answer, parseOr(out, {}));
  if (!read.success) return false;
  const { decision, hookSpecificOutput } = read.data;
  const permission = hookSpecificOutput?.permissionDecision;
  return permission === 'deny' || permission === 'ask' || decision === 'block' || read.data.continue === false;
}

const lineAnswer = z.object({ id: z.string(), action: z.string(), error: z.optional(z.string()) });

async function askInLines(guard: Guard, questions: readonly Question[], home: string): Promise<Answers> {
  const input = questions.map(({ id, message }) => `${JSON.stringify({ id, message })}\n`).join('');
  const before = performance.now();
  const { out } = await run(guard, input, home, 600_000);
  const each = (performance.now() - before) / questions.length;
  const said = new Map(questions.map(({ id }): [string, Said] => [id, { stopped: false, failed: true }]));
  for (const line of out.split('\n')) {
    const read = z.safeParse(lineAnswer, parseOr(line, undefined));
    if (!read.success) continue;
    const { id, action, error } = read.data;
    said.set(id, { stopped: action === 'deny' || action === 'require_approval', failed: error !== undefined });
  }
  return { said, ms: [each] };
}

function run(guard: Guard, input: string, home: string, timeout = 30_000): Promise<{ readonly code: number | null; readonly out: string }> {
  const [program, ...args] = guard.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: home, env: environment(home), timeout, stdio: ['pipe', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.on('error', () => resolve({ code: null, out }));
    child.on('close', (code) => resolve({ code, out }));
    // A guard that has made up its mind may close its input before it has read all of it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Nothing of the person's own environment: a guard's settings there would change what is measured. */
function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '', HOME: home, USERPROFILE: home, LANG: 'C.UTF-8', GIT_CONFIG_GLOBAL: devNull };
}

function parseOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
