import * as z from 'zod/mini';

/** What the client sends to its model, as far as a stand-in has to know. */
const request = z.object({
  model: z._default(z.string(), 'canary'),
  tools: z._default(z.array(z.unknown()), []),
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
  const heard = resultOf(messages.at(-1)?.content, call.id);
  // Titles and the like come without tools.
  const wantsCall = tools.length > 0 && heard === undefined;
  const block = wantsCall ? { type: 'tool_use', id: call.id, name: 'Read', input: {} } : { type: 'text', text: '' };
  const delta = wantsCall
    ? { type: 'input_json_delta', partial_json: JSON.stringify({ file_path: call.file }) }
    : { type: 'text_delta', text: 'Done.' };
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
    { type: 'message_delta', delta: { stop_reason: wantsCall ? 'tool_use' : 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { body: text, contentType: 'text/event-stream', ...(heard === undefined ? {} : { heard }) };
}

function resultOf(content: unknown, id: string): string | undefined {
  const parsed = z.safeParse(results, content);
  const result = parsed.success ? parsed.data.find(({ type, tool_use_id }) => type === 'tool_result' && tool_use_id === id) : undefined;
  return result === undefined ? undefined : typeof result.content === 'string' ? result.content : JSON.stringify(result.content);
}

/** How to start the client for one turn with that stand-in, and otherwise with the settings that any session there has. */
export function canaryRun(url: string): { readonly arguments: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  const environment = {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-ant-countersign-canary',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    ENABLE_TOOL_SEARCH: 'false',
  };
  // Also as settings: those of a project would name another model's server, which must not hear of this.
  const settings = JSON.stringify({ env: { ANTHROPIC_BASE_URL: url } });
  return { arguments: ['-p', 'Countersign checks its hooks.', '--settings', settings, '--no-session-persistence'], environment };
}
