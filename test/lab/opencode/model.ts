import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { startStandIn } from '../stand-in.ts';

/** What one response cost, as a chat completion says it: `input` includes what came from the cache, `output` the reasoning. */
export interface ChatUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface ChatCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ChatTurn {
  readonly text?: string;
  readonly calls?: readonly ChatCall[];
}

export interface ChatAsk {
  readonly tools: readonly string[];
  /** The last thing that a person, or another agent, said. */
  readonly prompt: string;
  /** What the calls since then have brought back. */
  readonly results: readonly string[];
}

export interface ChatModel extends AsyncDisposable {
  readonly url: string;
  readonly asks: readonly ChatAsk[];
  /** Each response that was served: the truth that counters are held against. */
  readonly ledger: readonly ChatUsage[];
}

/** A local server that speaks OpenAI's chat completions. It knows nothing; it follows its script. */
export async function startChatModel(script: (ask: ChatAsk) => ChatTurn | Promise<ChatTurn>): Promise<ChatModel> {
  const asks: ChatAsk[] = [];
  const ledger: ChatUsage[] = [];

  async function answer(_: unknown, body: string): Promise<string> {
    const ask = readAsk(body);
    const turn = await script(ask);
    // No two cost the same, so that none can stand in for another.
    const n = ledger.length + 1;
    const usage = { input: 900 + 17 * n, cached: 100 + 11 * n, output: 50 + 3 * n, reasoning: 10 + n };
    // The client has titles made up by the model; nobody records what those cost.
    if (ask.tools.length > 0) {
      asks.push(ask);
      ledger.push(usage);
    }
    return eventStream(turn, usage);
  }

  const server = await startStandIn('text/event-stream', answer);
  return { ...server, url: `${server.url}/v1`, asks, ledger };
}

const content = z.union([z.string(), z.null(), z.array(z.looseObject({ text: z.optional(z.string()) }))]);
const bodySchema = z.object({
  tools: z._default(z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })), []),
  messages: z.array(z.looseObject({ role: z.string(), content: z.optional(content) })),
});

function readAsk(body: string): ChatAsk {
  const { tools, messages } = z.parse(bodySchema, JSON.parse(body));
  const promptAt = messages.findLastIndex(({ role }) => role === 'user');
  return {
    tools: tools.map((tool) => tool.function.name),
    prompt: textOf(messages[promptAt]?.content),
    results: messages.slice(promptAt + 1).flatMap((message) => (message.role === 'tool' ? [textOf(message.content)] : [])),
  };
}

function textOf(said: z.infer<typeof content> | undefined): string {
  if (typeof said === 'string') return said;
  return (said ?? []).map(({ text = '' }) => text).join('\n');
}

function eventStream({ text, calls = [] }: ChatTurn, usage: ChatUsage): string {
  const toolCalls = calls.map(({ tool, input }, index) => ({
    index,
    id: `call_${randomUUID().slice(0, 8)}`,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  const delta = {
    role: 'assistant',
    content: text ?? (calls.length === 0 ? 'Done.' : null),
    ...(calls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
  const chunk = (choice: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: 'chat', object: 'chat.completion.chunk', created: 0, model: 'lab', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  const finish = { delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' };
  return `${chunk({ delta, finish_reason: null })}${chunk(finish, { usage: wireUsage(usage) })}data: [DONE]\n\n`;
}

function wireUsage({ input, cached, output, reasoning }: ChatUsage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
