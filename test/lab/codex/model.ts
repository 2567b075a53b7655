import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { postsTo, startStandIn } from '../stand-in.ts';

/** What one response cost, as the Responses API says it: `input` includes what came from the cache, `output` the reasoning. */
export interface CodexUsage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface CodexCall {
  /** The first of these that the agent offers: its tools have changed their names over time. */
  readonly names: readonly string[];
  /** A text for a tool that takes no JSON (`apply_patch`). */
  readonly input: Readonly<Record<string, unknown>> | string;
}

export interface CodexTurn {
  readonly text?: string;
  readonly calls?: readonly CodexCall[];
  readonly usage?: Partial<CodexUsage>;
}

/** Some tools are offered in groups; whoever calls one of these names its group, too. */
interface CodexTool {
  readonly name: string;
  readonly namespace?: string;
}

export interface CodexAsk {
  readonly thread: string;
  readonly model: string;
  readonly tools: readonly CodexTool[];
  /** The last thing that a person, or another agent, said. */
  readonly prompt: string;
  /** How many calls have come back since `prompt`. */
  readonly results: readonly string[];
}

/** One response that the stand-in served: the truth that every counter is held against. */
export interface CodexLedgerEntry {
  readonly thread: string;
  readonly responseId: string;
  readonly model: string;
  readonly usage: CodexUsage;
  readonly prompt: string;
}

export interface CodexModel extends AsyncDisposable {
  readonly url: string;
  readonly asks: readonly CodexAsk[];
  readonly ledger: readonly CodexLedgerEntry[];
}

/** A local HTTP server that Codex takes for the Responses API. It knows nothing; it follows its script. */
export async function startCodexModel(
  script: (ask: CodexAsk) => CodexTurn | Promise<CodexTurn>,
  usage: () => CodexUsage,
): Promise<CodexModel> {
  const asks: CodexAsk[] = [];
  const ledger: CodexLedgerEntry[] = [];

  async function answer(request: IncomingMessage, body: string): Promise<string> {
    const ask = readAsk(request, body);
    asks.push(ask);
    const turn = await script(ask);
    const entry = {
      thread: ask.thread,
      responseId: `resp_${shortId()}`,
      model: ask.model,
      usage: { ...usage(), ...turn.usage },
      prompt: ask.prompt,
    };
    ledger.push(entry);
    return eventStream(entry, itemsOf(turn, ask));
  }

  const server = await startStandIn('text/event-stream', answer, postsTo('/responses'));
  return { ...server, url: `${server.url}/v1`, asks, ledger };
}

const content = z.array(z.looseObject({ text: z.optional(z.string()) }));
const bodySchema = z.object({
  model: z.string(),
  tools: z._default(
    z.array(z.looseObject({ name: z.optional(z.string()), tools: z.optional(z.array(z.looseObject({ name: z.string() }))) })),
    [],
  ),
  input: z.array(
    z.looseObject({
      type: z.optional(z.string()),
      role: z.optional(z.string()),
      content: z.optional(content),
      output: z.optional(z.unknown()),
    }),
  ),
});

function readAsk(request: IncomingMessage, body: string): CodexAsk {
  const { model, tools, input } = z.parse(bodySchema, JSON.parse(body));
  const saidBy = (item: (typeof input)[number]) => (item.role === 'user' ? spoken(item.content ?? []) : '');
  const promptAt = input.findLastIndex((item) => saidBy(item) !== '');
  return {
    thread: header(request, 'thread-id') || header(request, 'session_id') || header(request, 'conversation_id'),
    model,
    tools: tools.flatMap(({ name = '', tools: group }) => group?.map((tool) => ({ name: tool.name, namespace: name })) ?? [{ name }]),
    prompt: promptAt < 0 ? '' : saidBy(input[promptAt] ?? {}),
    results: input
      .slice(promptAt + 1)
      .flatMap((item) =>
        item.type === 'function_call_output' || item.type === 'custom_tool_call_output' ? [JSON.stringify(item.output)] : [],
      ),
  };
}

/** The last text that is not the client's own framing. */
function spoken(parts: z.infer<typeof content>): string {
  return parts.flatMap(({ text }) => text ?? []).findLast((text) => !text.startsWith('<') && !text.startsWith('# AGENTS')) ?? '';
}

function itemsOf(turn: CodexTurn, ask: CodexAsk): readonly object[] {
  const calls = (turn.calls ?? []).map((call) => ({
    id: `fc_${shortId()}`,
    call_id: `call_${shortId()}`,
    ...(ask.tools.find(({ name }) => call.names.includes(name)) ?? { name: call.names[0] }),
    ...(typeof call.input === 'string'
      ? { type: 'custom_tool_call', input: call.input }
      : { type: 'function_call', arguments: JSON.stringify(call.input) }),
  }));
  const text = turn.text ?? (calls.length === 0 ? 'Done.' : '');
  if (text === '') return calls;
  return [{ type: 'message', id: `msg_${shortId()}`, role: 'assistant', content: [{ type: 'output_text', text }] }, ...calls];
}

function eventStream({ responseId: id, usage }: CodexLedgerEntry, items: readonly object[]): string {
  const events = [
    { type: 'response.created', response: { id } },
    ...items.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item })),
    { type: 'response.completed', response: { id, usage: wireUsage(usage) } },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function wireUsage(usage: CodexUsage) {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24);
}
