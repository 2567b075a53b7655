import * as z from 'zod/mini';

/** What a line of `events.jsonl` says of use. `subagent` is '' for the session's main agent. */
export type Event =
  | { readonly kind: 'place'; readonly session: string; readonly cwd: string }
  | { readonly kind: 'subagent'; readonly subagent: string; readonly label: string }
  | (Counted & {
      readonly kind: 'response';
      /** The session, or the run of a subagent, that numbered it. */
      readonly source: string;
      readonly isCompaction: boolean;
    })
  | (Counted & { readonly kind: 'compaction'; readonly requests: number });

interface Counted {
  readonly subagent: string;
  /** The same in a copy. */
  readonly key: string;
  readonly at: number;
  readonly usage: Usage;
}

/** Nothing for a line that cannot be read, or is about something else. */
export function eventIn(text: string): Event | undefined {
  try {
    const result = z.safeParse(lineSchema, JSON.parse(text));
    return result.success ? eventOf(result.data) : undefined;
  } catch {
    return undefined;
  }
}

const count = z._default(z.number().check(z.nonnegative()), 0);
const used = z.object({
  model: z._default(z.string(), ''),
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
});
export type Usage = z.infer<typeof used>;

const word = z._default(z.string(), '');
const about = { id: word, timestamp: word, agentId: word };
const folder = z.object({ cwd: z.string() });
const lineSchema = z.discriminatedUnion('type', [
  z.object({ ...about, type: z.enum(['session.start', 'session.resume']), data: z.object({ sessionId: word, context: folder }) }),
  z.object({ ...about, type: z.literal('session.context_changed'), data: folder }),
  z.object({ ...about, type: z.literal('subagent.started'), data: z.object({ agentName: word, agentDisplayName: word }) }),
  z.object({
    ...about,
    type: z.literal('session.usage_record'),
    data: z.object({
      usage: z.extend(used, {
        interactionType: word,
        accounting: z.optional(z.object({ sourceSessionId: z.string(), sequence: z.number() })),
      }),
    }),
  }),
  z.object({
    ...about,
    type: z.literal('session.compaction_complete'),
    data: z.object({ compactionAttemptId: word, compactionTokensUsed: z.extend(used, { requestCount: z._default(z.number(), 1) }) }),
  }),
]);

type Line = z.infer<typeof lineSchema>;

function eventOf(line: Line): Event | undefined {
  const { id, agentId: subagent } = line;
  const at = Date.parse(line.timestamp);
  switch (line.type) {
    case 'session.usage_record': {
      const { accounting, interactionType, ...usage } = line.data.usage;
      const source = accounting?.sourceSessionId ?? '';
      const key = accounting === undefined ? id : `${source} ${accounting.sequence}`;
      return timed({ kind: 'response', subagent, key, at, usage, source, isCompaction: interactionType === 'conversation-compaction' });
    }
    case 'session.compaction_complete': {
      const { compactionAttemptId, compactionTokensUsed } = line.data;
      const { requestCount: requests, ...usage } = compactionTokensUsed;
      return timed({ kind: 'compaction', subagent, key: compactionAttemptId || id, at, usage, requests });
    }
    case 'subagent.started':
      return labelOf(subagent, line.data.agentDisplayName || line.data.agentName);
    case 'session.context_changed':
      return subagent === '' ? { kind: 'place', session: '', cwd: line.data.cwd } : undefined;
    default:
      return { kind: 'place', session: line.data.sessionId, cwd: line.data.context.cwd };
  }
}

/** What was used at no time belongs to no day. */
function timed(event: Event & Counted): Event | undefined {
  return Number.isNaN(event.at) ? undefined : event;
}

function labelOf(subagent: string, label: string): Event | undefined {
  return subagent === '' || label === '' ? undefined : { kind: 'subagent', subagent, label };
}
