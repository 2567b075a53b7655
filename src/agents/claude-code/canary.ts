import * as z from 'zod/mini';

/** What the client sends to its model, as far as a stand-in has to know. */
const request = z.object({
  model: z._default(z.string(), 'canary'),
  tools: z._default(z.array(z.looseObject({ name: z.optional(z.string()) })), []),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
});
const results = z.array(z.looseObject({ type: z.string(), tool_use_id: z.optional(z.string()), content: z.optional(z.unknown()) }));

/** A harmless call by which the chain proves itself: reading a file that is not there, in a place that no agent may read. */
export interface CanaryCall {
  readonly id: string;
  readonly file: string;
}

export interface StandInAnswer {
  readonly body: string;
  readonly contentType: string;
  /** What the client says became of the call, once it does. */
  readonly heard?: string;
}

/** What a model would answer that wants to make that one call, and then stops. */
export function standInAnswer(body: string, call: CanaryCall): StandInAnswer {
  const { model, tools, messages } = z.parse(request, JSON.parse(body));
  const heard = messages.map(({ content }) => resultOf(content, call.id)).find((text) => text !== undefined);
  // Titles and the like come without tools.
  const wanted = heard === undefined ? wantedOf(call).find(({ name }) => tools.some((tool) => tool.name === name)) : undefined;
  const block = wanted === undefined ? { type: 'text', text: '' } : { type: 'tool_use', id: call.id, name: wanted.name, input: {} };
  const delta =
    wanted === undefined ? { type: 'text_delta', text: 'Done.' } : { type: 'input_json_delta', partial_json: JSON.stringify(wanted.input) };
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = {
    id: `msg_${call.id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const events = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: wanted === undefined ? 'end_turn' : 'tool_use', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { body: text, contentType: 'text/event-stream', ...(heard === undefined ? {} : { heard }) };
}

/** The first of these that the session has: a person may have taken tools away. */
function wantedOf({ file }: CanaryCall) {
  return [
    { name: 'Read', input: { file_path: file } },
    { name: 'Bash', input: { command: `cat '${file.replaceAll("'", `'\\''`)}'`, description: 'Countersign checks its hooks' } },
  ];
}

function resultOf(content: unknown, id: string): string | undefined {
  const parsed = z.safeParse(results, content);
  const result = parsed.success ? parsed.data.find(({ type, tool_use_id }) => type === 'tool_result' && tool_use_id === id) : undefined;
  return result === undefined ? undefined : typeof result.content === 'string' ? result.content : JSON.stringify(result.content);
}
