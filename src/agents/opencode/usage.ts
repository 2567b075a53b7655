import * as z from 'zod/mini';
import type { UsageFact } from '../../engine/spend/fact.ts';
import type { UsageLines, UsageReader } from '../agent.ts';

/**
 * What our plugin writes down of each response that opencode 1.18 tells it of (`message.updated`): opencode itself keeps a database that
 * cannot be followed line by line. Only governed sessions are counted; the request for a title is told to nobody.
 */
export const opencodeUsage: UsageReader = {
  agent: 'opencode',
  marks: [],
  starts: ['{"opencode":'],
  open: (): UsageLines => ({ read: factsIn, state: () => '' }),
};

const count = z._default(z.number().check(z.gte(0)), 0);
const lineSchema = z.object({
  opencode: z.string(),
  id: z.string().check(z.minLength(1)),
  session: z.string().check(z.minLength(1)),
  root: z.string().check(z.minLength(1)),
  agent: z._default(z.string(), ''),
  model: z.string(),
  cwd: z._default(z.string(), ''),
  at: z.number(),
  tokens: z.object({
    input: count,
    output: count,
    reasoning: count,
    cache: z._default(z.object({ read: count, write: count }), { read: 0, write: 0 }),
  }),
});

function factsIn(text: string): readonly UsageFact[] {
  const line = lineOf(text);
  if (line === undefined) return [];
  const { id, session, root, agent, model, cwd, at, tokens } = line;
  const owner = { session: root, subagent: session === root ? '' : session };
  const rest = { request: '', claim: 1, speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  const { input, output, reasoning, cache } = tokens;
  // Neither the cache nor the reasoning is a part of the others.
  const sizes = { input, output: output + reasoning, cacheRead: cache.read, cacheWrite5m: cache.write, cacheWrite1h: 0 };
  const fact = { kind: 'response', key: id, at, cwd, model, ...owner, ...rest, tokens: sizes } as const;
  return owner.subagent === '' || agent === '' ? [fact] : [fact, { kind: 'label', ...owner, label: agent }];
}

function lineOf(text: string): z.infer<typeof lineSchema> | undefined {
  try {
    const result = z.safeParse(lineSchema, JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
