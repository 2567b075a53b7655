import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { postsTo, startStandIn } from '../stand-in.ts';

/** What one response cost, as the Chat Completions API says it: `input` includes what came from the cache, `output` the reasoning. */
export interface CopilotUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface CopilotCall {
  readonly name: string;
  /** A text for a tool that takes no object (`apply_patch`). */
  readonly input: Readonly<Record<string, unknown>> | string;
}

export interface CopilotTurn {
  readonly text?: string;
  readonly calls?: readonly CopilotCall[];
  readonly usage?: Partial<CopilotUsage>;
}

export interface CopilotAsk {
  readonly model: string;
  readonly tools: readonly string[];
  /** The last thing that a person, or another agent, said. */
  readonly prompt: string;
  /** What the calls since `prompt` gave, in their order. */
  readonly results: readonly string[];
}

/** One response that the stand-in served: the truth that every counter is held against. */
export interface CopilotLedgerEntry {
  readonly model: string;
  readonly prompt: string;
  readonly usage: CopilotUsage;
}

export interface CopilotModel extends AsyncDisposable {
  readonly url: string;
  readonly asks: readonly CopilotAsk[];
  readonly ledger: readonly CopilotLedgerEntry[];
}

/** A local HTTP server that Copilot takes for the Chat Completions API of a model of one's own. It follows its script. */
export async function startCopilotModel(script: (ask: CopilotAsk) => CopilotTurn): Promise<CopilotModel> {
  const asks: CopilotAsk[] = [];
  const ledger: CopilotLedgerEntry[] = [];

  async function answer(_: unknown, body: string): Promise<string> {
    const ask = readAsk(body);
    asks.push(ask);
    const turn = script(ask);
    const usage = { input: 1000, cached: 200, output: 50, reasoning: 10, ...turn.usage };
    ledger.push({ model: ask.model, prompt: ask.prompt, usage });
    return eventStream(ask.model, turn, usage);
  }

  const server = await startStandIn('text/event-stream', answer, postsTo('/chat/completions'));
  return { ...server, url: `${server.url}/v1`, asks, ledger };
}

const content = z.nullish(z.union([z.string(), z.array(z.looseObject({ text: z.optional(z.string()) }))]));
const bodySchema = z.object({
  model: z.string(),
  tools: z._default(z.array(z.looseObject({ function: z.optional(z.object({ name: z.string() })) })), []),
  messages: z.array(z.looseObject({ role: z.string(), content })),
});

function readAsk(body: string): CopilotAsk {
  const { model, tools, messages } = z.parse(bodySchema, JSON.parse(body));
  const promptAt = messages.findLastIndex(({ role }) => role === 'user');
  return {
    model,
    tools: tools.flatMap((tool) => tool.function?.name ?? []),
    prompt: textOf(messages[promptAt]?.content),
    results: messages.slice(promptAt + 1).flatMap((message) => (message.role === 'tool' ? [textOf(message.content)] : [])),
  };
}

function textOf(said: z.infer<typeof content>): string {
  if (typeof said === 'string') return said;
  return (said ?? []).flatMap(({ text }) => text ?? []).join('\n');
}

function eventStream(model: string, { text, calls = [] }: CopilotTurn, usage: CopilotUsage): string {
  const id = `chatcmpl-${shortId()}`;
  const tool_calls = calls.map(({ name, input }, index) => ({
    index,
    id: `call_${shortId()}`,
    type: 'function',
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }));
  const said = text ?? (calls.length === 0 ? 'Done.' : undefined);
  const delta = { role: 'assistant', content: said ?? null, ...(calls.length === 0 ? {} : { tool_calls }) };
  const chunk = { id, object: 'chat.completion.chunk', created: 1, model };
  const events = [
    { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: calls.length === 0 ? 'stop' : 'tool_calls' }] },
    { ...chunk, choices: [], usage: wireUsage(usage) },
  ];
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
}

function wireUsage({ input, cached, output, reasoning }: CopilotUsage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24);
}
