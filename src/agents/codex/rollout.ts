import * as z from 'zod/mini';
import type { Tokens } from '../../engine/spend/usage.ts';

/** What a line of a rollout says that counting needs. */
export type RolloutLine =
  | {
      readonly kind: 'thread';
      readonly at: number;
      readonly thread: string;
      readonly session: string;
      readonly cwd: string;
      readonly nickname: string;
    }
  | { readonly kind: 'turn'; readonly at: number; readonly turn: string; readonly model: string; readonly cwd: string }
  /** One response; `key` is the same wherever it is written down. */
  | {
      readonly kind: 'response';
      readonly at: number;
      readonly thread: string;
      readonly session: string;
      readonly key: string;
      readonly usage: Usage;
    }
  /** A running total, told as often as the client likes, with the last response's part of it. */
  | { readonly kind: 'total'; readonly at: number; readonly total: string; readonly usage: Usage }
  /** A client that has just started and has no total yet. */
  | { readonly kind: 'process'; readonly at: number };

const count = z._default(z.number(), 0);
/** As the Responses API counts: what came from the cache, or went into it, is part of the input; reasoning is part of the output. */
const usageSchema = z.object({ input_tokens: count, cached_input_tokens: count, cache_write_input_tokens: count, output_tokens: count });
type Usage = z.infer<typeof usageSchema>;

export function tokensOf(usage: Usage): Tokens {
  const { input_tokens, cached_input_tokens: cacheRead, cache_write_input_tokens: cacheWrite5m, output_tokens: output } = usage;
  return { input: Math.max(0, input_tokens - cacheRead - cacheWrite5m), output, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
}

const parent = z.object({ thread_spawn: z.object({ parent_thread_id: z.string() }) });
const lineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session_meta'),
    timestamp: z.string(),
    payload: z.object({
      id: z.string(),
      session_id: z.optional(z.string()),
      cwd: z._default(z.string(), ''),
      agent_nickname: z.optional(z.nullable(z.string())),
      source: z.optional(z.unknown()),
    }),
  }),
  z.object({
    type: z.literal('turn_context'),
    timestamp: z.string(),
    payload: z.object({ turn_id: z._default(z.string(), ''), model: z.string(), cwd: z._default(z.string(), '') }),
  }),
  z.object({
    type: z.literal('token_usage_record'),
    timestamp: z.string(),
    payload: z.object({
      thread_id: z.string(),
      session_id: z.string(),
      response_id: z.string(),
      usage: usageSchema,
      thread_token_usage: z.unknown(),
    }),
  }),
  z.object({
    type: z.literal('event_msg'),
    timestamp: z.string(),
    payload: z.object({
      type: z.literal('token_count'),
      info: z.nullable(z.object({ total_token_usage: z.unknown(), last_token_usage: usageSchema })),
    }),
  }),
]);

/** `undefined` for what is not about threads, turns and tokens, and for what cannot be read. */
export function rolloutLine(text: string): RolloutLine | undefined {
  const found = z.safeParse(lineSchema, parsed(text));
  const at = found.success ? Date.parse(found.data.timestamp) : NaN;
  return found.success && !Number.isNaN(at) ? lineOf(found.data, at) : undefined;
}

function lineOf(line: z.infer<typeof lineSchema>, at: number): RolloutLine {
  switch (line.type) {
    case 'session_meta': {
      const { id, session_id, cwd, agent_nickname, source } = line.payload;
      return { kind: 'thread', at, thread: id, session: session_id ?? parentIn(source) ?? id, cwd, nickname: agent_nickname ?? '' };
    }
    case 'turn_context':
      return { kind: 'turn', at, turn: line.payload.turn_id, model: line.payload.model, cwd: line.payload.cwd };
    case 'token_usage_record': {
      const { thread_id: thread, session_id: session, response_id, usage, thread_token_usage } = line.payload;
      return { kind: 'response', at, thread, session, key: keyOf(response_id, thread, thread_token_usage), usage };
    }
    case 'event_msg': {
      const { info } = line.payload;
      return info
        ? { kind: 'total', at, total: JSON.stringify(info.total_token_usage), usage: info.last_token_usage }
        : { kind: 'process', at };
    }
  }
}

/** Versions that name no session name the parent: of a subagent of a subagent, the nearest one. */
function parentIn(source: unknown): string | undefined {
  const found = z.safeParse(z.object({ subagent: parent }), source);
  return found.success ? found.data.subagent.thread_spawn.parent_thread_id : undefined;
}

/** Servers that imitate the API number their responses anew for each client. */
function keyOf(responseId: string, thread: string, threadTotal: unknown): string {
  return /^resp_[A-Za-z0-9_-]{16,}$/.test(responseId) ? responseId : `${thread} ${responseId} ${JSON.stringify(threadTotal)}`;
}

/** A line that is no JSON is another version's, or damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
