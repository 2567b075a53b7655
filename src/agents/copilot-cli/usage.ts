import * as z from 'zod/mini';
import type { ResponseFact, UsageFact } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';

/**
 * GitHub Copilot CLI's sessions: `session-state/<session>/events.jsonl`, one file for a session with all its subagents. Source: records
 * of 1.0.102. Each response has a line of its own (`session.usage_record`); what a compaction asked, in several requests, has one
 * in all, and is missing in what the client itself sums up at the end.
 */
export const copilotUsage: UsageReader = {
  agent: 'copilot-cli',
  marks: ['"type":"session.', '"type":"subagent.started"'],
  starts: [],
  open,
};

/** Whose file it is, where the agent works by now, and whether it records each request of a compaction. */
const stateSchema = z.object({ session: z.string(), cwd: z.string(), isItemised: z.boolean() });
type State = z.infer<typeof stateSchema>;

function open({ session }: UsageFile, resumed = ''): UsageLines {
  let state: State = resumed === '' ? { session, cwd: '', isItemised: false } : z.parse(stateSchema, JSON.parse(resumed));
  return {
    read: (text) => {
      const line = lineOf(text);
      if (line === undefined) return [];
      state = learned(line, state);
      return state.session === '' ? [] : factsIn(line, state);
    },
    state: () => JSON.stringify(state),
  };
}

const count = z._default(z.number(), 0);
const word = z._default(z.string(), '');
const folder = { cwd: word };
const usageSchema = z.object({
  model: word,
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  interactionType: word,
  accounting: z.optional(z.object({ sourceSessionId: z.string(), sequence: z.number() })),
  /** Of a compaction. */
  requestCount: count,
});
const lineSchema = z.object({
  type: z.string(),
  id: word,
  timestamp: word,
  agentId: word,
  data: z.object({
    ...folder,
    sessionId: word,
    context: z.optional(z.object(folder)),
    agentName: word,
    agentDisplayName: word,
    compactionAttemptId: word,
    usage: z.optional(usageSchema),
    compactionTokensUsed: z.optional(usageSchema),
  }),
});
type Line = z.infer<typeof lineSchema>;

function lineOf(text: string): Line | undefined {
  try {
    return z.safeParse(lineSchema, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Its place tells whose file it is: a copy may begin with the lines of another session. */
function learned({ type, agentId, data }: Line, { session, cwd, isItemised }: State): State {
  return {
    session: session || (type === 'session.start' ? data.sessionId : ''),
    cwd: agentId === '' ? data.context?.cwd || (type === 'session.context_changed' ? data.cwd : '') || cwd : cwd,
    isItemised: isItemised || data.usage?.interactionType === 'conversation-compaction',
  };
}

function factsIn({ type, id, timestamp, agentId: subagent, data }: Line, { session, cwd, isItemised }: State): readonly UsageFact[] {
  const label = data.agentDisplayName || data.agentName;
  if (type === 'subagent.started') return subagent === '' || label === '' ? [] : [{ kind: 'label', session, subagent, label }];
  const isCompaction = type === 'session.compaction_complete' && !isItemised;
  const usage = isCompaction ? data.compactionTokensUsed : type === 'session.usage_record' ? data.usage : undefined;
  const at = Date.parse(timestamp);
  if (usage === undefined || Number.isNaN(at)) return [];
  const { model, accounting, inputTokens, requestCount } = usage;
  const rest = { request: '', speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  const fact: ResponseFact = {
    kind: 'response',
    key: accounting === undefined ? data.compactionAttemptId || id : `${accounting.sourceSessionId} ${accounting.sequence}`,
    session,
    subagent,
    at,
    cwd,
    model,
    // A run of a subagent numbers its requests under a name of its own, which is the same in a copy.
    claim: accounting === undefined || subagent !== '' || accounting.sourceSessionId === session ? 1 : 0,
    ...rest,
    ...(requestCount > 1 ? { prompt: Math.ceil(inputTokens / requestCount) } : {}),
    tokens: tokensOf(usage),
  };
  return [fact];
}

/** What came from the cache, and what went there, is part of the input; reasoning is part of the output. */
function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: z.infer<typeof usageSchema>) {
  const cacheRead = Math.min(cacheReadTokens, inputTokens);
  const cacheWrite5m = Math.min(cacheWriteTokens, inputTokens - cacheRead);
  return { input: inputTokens - cacheRead - cacheWrite5m, output: outputTokens, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
}
