import * as z from 'zod/mini';
import type { ResponseFact, UsageFact, UsageOwner } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';

/**
 * Gemini CLI's chats: `tmp/<project>/chats/session-<time>-<id>.jsonl`, and one file for each subagent in the folder `<session>` beside
 * it. Source: records of 0.61.0. A response is written down again with each change of it, under the same id.
 */
export const geminiUsage: UsageReader = {
  agent: 'gemini-cli',
  marks: ['"type":"gemini"', '**Workspace Directories:**'],
  starts: ['{"sessionId":'],
  open,
};

/** Whose file it is, and where that worked. */
const stateSchema = z.object({ session: z.string(), subagent: z.string(), cwd: z.string() });
type State = z.infer<typeof stateSchema>;

function open(file: UsageFile, resumed = ''): UsageLines {
  let state: State = resumed === '' ? { ...file, cwd: '' } : z.parse(stateSchema, JSON.parse(resumed));
  return {
    read: (text) => {
      const line = lineOf(text);
      if (line === undefined) return [];
      state = learned(line, state);
      return responsesIn(line).flatMap((one) => factOf(one, state));
    },
    state: () => JSON.stringify(state),
  };
}

const count = z._default(z.number(), 0);
const response = z.object({
  id: z.string(),
  timestamp: z.string(),
  type: z.literal('gemini'),
  model: z._default(z.string(), ''),
  tokens: z.object({ input: count, output: count, cached: count, thoughts: count, tool: count }),
});
const lineSchema = z.looseObject({
  sessionId: z.optional(z.string()),
  kind: z.optional(z.string()),
  directories: z.optional(z.array(z.string())),
  $set: z.optional(z.looseObject({ messages: z.optional(z.array(z.unknown())), directories: z.optional(z.array(z.string())) })),
});
type Line = z.infer<typeof lineSchema>;

function lineOf(text: string): Line | undefined {
  try {
    const result = z.safeParse(lineSchema, JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** A subagent's file names its own run where others name the session; its place tells for whom it works. */
function learned({ sessionId, directories, $set }: Line, state: State): State {
  const session = sessionId === undefined || state.subagent !== '' ? state.session : sessionId;
  const cwd = state.cwd || directories?.[0] || $set?.directories?.[0] || folderIn($set?.messages ?? []);
  return { ...state, session, cwd };
}

/** Of the main agent only what it tells its model names the folder. */
function folderIn(messages: readonly unknown[]): string {
  return /\*\*Workspace Directories:\*\*\\n {2}- (\/.*?|[A-Za-z]:.*?)\\n/.exec(JSON.stringify(messages))?.[1] ?? '';
}

/** Those of a line of its own, and of a list that replaces what stood there. */
function responsesIn(line: Line): readonly z.infer<typeof response>[] {
  return [line, ...(line.$set?.messages ?? [])].flatMap((one) => {
    const result = z.safeParse(response, one);
    return result.success ? [result.data] : [];
  });
}

function factOf({ id, timestamp, model, tokens }: z.infer<typeof response>, { session, subagent, cwd }: State): readonly UsageFact[] {
  const at = Date.parse(timestamp);
  if (Number.isNaN(at) || session === '') return [];
  const owner: UsageOwner = { session, subagent };
  const rest = { request: '', claim: 1, speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  const fact: ResponseFact = { kind: 'response', key: id, at, cwd, model, ...owner, ...rest, tokens: tokensOf(tokens) };
  return [fact];
}

/** What came from the cache is part of the input; thoughts come beside the output, and cost the same. */
function tokensOf({ input, output, cached, thoughts, tool }: z.infer<typeof response>['tokens']) {
  const fresh = Math.max(0, input - cached) + tool;
  return { input: fresh, output: output + thoughts, cacheRead: Math.min(cached, input), cacheWrite5m: 0, cacheWrite1h: 0 };
}
