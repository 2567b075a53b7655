import * as z from 'zod/mini';
import type { ResponseFact, UsageFact } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';

/**
 * Qwen Code's chats: `projects/<project>/chats/<session>.jsonl`. Source: records of 0.24.4. Each response is told there once as an event
 * (`api_response`), also those of subagents, which have files of their own besides, and those that nobody sees.
 */
export const qwenUsage: UsageReader = {
  agent: 'qwen-code',
  marks: ['"event.name":"qwen-code.api_response"'],
  starts: [],
  open: (file): UsageLines => ({ read: (text) => factsIn(text, file), state: () => '' }),
};

const count = z._default(z.number(), 0);
const lineSchema = z.object({
  type: z.literal('system'),
  subtype: z.literal('ui_telemetry'),
  sessionId: z.string(),
  cwd: z._default(z.string(), ''),
  systemPayload: z.object({
    uiEvent: z.object({
      'event.name': z.literal('qwen-code.api_response'),
      'event.timestamp': z.string(),
      response_id: z._default(z.string(), ''),
      model: z._default(z.string(), ''),
      subagent_id: z.optional(z.string()),
      subagent_name: z.optional(z.string()),
      input_token_count: count,
      output_token_count: count,
      cached_content_token_count: count,
      thoughts_token_count: count,
      total_token_count: count,
    }),
  }),
});
type Event = z.infer<typeof lineSchema>['systemPayload']['uiEvent'];

function factsIn(text: string, file: UsageFile): readonly UsageFact[] {
  const line = lineOf(text);
  if (line === undefined) return [];
  const event = line.systemPayload.uiEvent;
  const at = Date.parse(event['event.timestamp']);
  if (Number.isNaN(at)) return [];
  const owner = { session: line.sessionId, subagent: event.subagent_id ?? '' };
  // Gateways repeat ids, but not at the same time; a copy in a fork has both.
  const key = `${event.response_id} ${event['event.timestamp']}`;
  const rest = { request: '', speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  const claim = file.session === '' || file.session === line.sessionId ? 1 : 0;
  const fact: ResponseFact = {
    kind: 'response',
    key,
    at,
    cwd: line.cwd,
    model: event.model,
    claim,
    ...owner,
    ...rest,
    tokens: tokensOf(event),
  };
  const name = event.subagent_name ?? '';
  return owner.subagent === '' || name === '' ? [fact] : [fact, { kind: 'label', ...owner, label: name }];
}

function lineOf(text: string): z.infer<typeof lineSchema> | undefined {
  try {
    const result = z.safeParse(lineSchema, JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** Some of its vendors count thoughts as a part of the output, others beside it: the total tells. */
function tokensOf(event: Event) {
  const { input_token_count: input, output_token_count: output, thoughts_token_count: thoughts, total_token_count: total } = event;
  const cached = Math.min(event.cached_content_token_count, input);
  const besides = total >= input + output + thoughts ? thoughts : 0;
  return { input: input - cached, output: output + besides, cacheRead: cached, cacheWrite5m: 0, cacheWrite1h: 0 };
}
