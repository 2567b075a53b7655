import * as z from 'zod/mini';
import type { ResponseFact, UsageFact, UsageOwner } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';
import { eventIn, type Event, type Usage } from './events.ts';

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

/** Whose file it is, and where the agent works by now. */
const stateSchema = z.object({ session: z.string(), cwd: z.string(), recordsCompaction: z.boolean() });
type State = z.infer<typeof stateSchema>;

function open(file: UsageFile, resumed = ''): UsageLines {
  let state: State =
    resumed === '' ? { session: file.session, cwd: '', recordsCompaction: false } : z.parse(stateSchema, JSON.parse(resumed));
  return {
    read: (text) => {
      const event = eventIn(text);
      if (event === undefined) return [];
      state = learned(event, state);
      return state.session === '' ? [] : factsIn(event, state);
    },
    state: () => JSON.stringify(state),
  };
}

/** Its place tells whose file it is: a copy may begin with the lines of another session. */
function learned(event: Event, state: State): State {
  if (event.kind === 'place') return { ...state, session: state.session || event.session, cwd: event.cwd };
  return event.kind === 'response' && event.isCompaction ? { ...state, recordsCompaction: true } : state;
}

function factsIn(event: Event, { session, cwd, recordsCompaction }: State): readonly UsageFact[] {
  if (event.kind === 'place') return [];
  const owner: UsageOwner = { session, subagent: event.subagent };
  if (event.kind === 'subagent') return [{ kind: 'label', ...owner, label: event.label }];
  // A version that records each request of a compaction has told it all already.
  if (event.kind === 'compaction' && recordsCompaction) return [];
  const { key, at, usage } = event;
  const rest = { request: '', speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  const prompt = event.kind === 'compaction' ? { prompt: Math.ceil(usage.inputTokens / Math.max(1, event.requests)) } : {};
  // A subagent's requests are counted under a number of its own, which is the same in a copy.
  const claim = event.kind === 'compaction' || owner.subagent !== '' || event.source === '' || event.source === session ? 1 : 0;
  const fact: ResponseFact = {
    kind: 'response',
    key,
    at,
    cwd,
    model: usage.model,
    claim,
    ...owner,
    ...rest,
    ...prompt,
    tokens: tokensOf(usage),
  };
  return [fact];
}

/** What came from the cache, and what went there, is part of the input; reasoning is part of the output. */
function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage) {
  const cacheRead = Math.min(cacheReadTokens, inputTokens);
  const cacheWrite5m = Math.min(cacheWriteTokens, inputTokens - cacheRead);
  return { input: inputTokens - cacheRead - cacheWrite5m, output: outputTokens, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
}
