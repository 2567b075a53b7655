import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, eventStream, wholeMessage, type Answer } from './model-answers.ts';
import type { LedgerEntry, Usage } from './model-ledger.ts';
import { readConversation, type Conversation, type Turn } from './model-messages.ts';

/** A request of the agent for its next turn. */
export interface Ask extends Conversation {
  readonly session: string;
  /** Empty but for subagents. */
  readonly subagent: string;
  /** Milliseconds of the process's monotonic clock. */
  readonly at: number;
  /** All that was sent. */
  readonly body: string;
}

/** A tool call that the stand-in made. The `received` parts come with the agent's next request. */
export interface MadeCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly session: string;
  readonly sentAt: number;
  readonly receivedAt?: number;
  readonly isError?: boolean;
  readonly text?: string;
}

/**
 * What the stand-in says. A list is played from its start in every session (then it says "Done."); a function decides
 * for each request.
 */
export type Script = readonly Turn[] | ((ask: Ask) => Turn | Promise<Turn>);

/** A local HTTP server that a coding agent takes for Anthropic's API. It knows nothing; it follows its script. */
export interface Model extends AsyncDisposable {
  readonly url: string;
  /** Everything asked so far, side requests too. */
  readonly asks: readonly Ask[];
  /** Every response served so far, to side requests too, in order. */
  readonly ledger: readonly LedgerEntry[];
  /** Every tool call made so far, in order. */
  readonly calls: () => readonly MadeCall[];
  readonly close: () => Promise<void>;
}

export interface ModelOptions {
  /** What a response costs whose turn does not say. Left out: 10 tokens in, 20 out. */
  readonly usage?: (ask: Ask) => Partial<Usage>;
  /** What is said to a request that offers no tools (titles, pages to be read). Left out, or where it says nothing: a title. */
  readonly aside?: ((ask: Ask) => Turn | undefined) | undefined;
}

export async function startModel(script: Script, options: ModelOptions = {}): Promise<Model> {
  const asks: Ask[] = [];
  const ledger: LedgerEntry[] = [];
  const made = new Map<string, MadeCall>();
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => fail(response, error));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const body = await bodyOf(request);
    const path = (request.url ?? '').split('?')[0];
    if (path === '/v1/messages/count_tokens') return json(response, '{"input_tokens":10}');
    if (path === '/v1/models') return json(response, '{"data":[],"has_more":false}');
    if (path !== '/v1/messages') return json(response, '{}');
    const ask: Ask = {
      ...readConversation(body),
      session: header(request, 'x-claude-code-session-id'),
      subagent: header(request, 'x-claude-code-agent-id'),
      at,
      body,
    };
    asks.push(ask);
    for (const { id, ...result } of ask.results) settle(id, { receivedAt: at, ...result });
    const turn = await nextTurn(script, ask, options.aside);
    say(response, ask, answerOf({ ...turn, usage: { ...options.usage?.(ask), ...turn.usage } }, ask.model));
  }

  /** A result is repeated in later requests of the session; only its first arrival counts. */
  function settle(id: string, result: Partial<MadeCall>): void {
    const call = made.get(id);
    if (call && call.receivedAt === undefined) made.set(id, { ...call, ...result });
  }

  function say(response: ServerResponse, ask: Ask, answer: Answer): void {
    const sentAt = performance.now();
    for (const block of answer.content) {
      if (block.type === 'tool_use')
        made.set(block.id, { id: block.id, name: block.name, input: block.input, session: ask.session, sentAt });
    }
    const { session, subagent } = ask;
    const { messageId, requestId, model, usage, stalls } = answer;
    ledger.push({ session, subagent, messageId, requestId, model, usage, complete: !stalls });
    if (requestId !== '') response.setHeader('request-id', requestId);
    if (!ask.stream) return json(response, wholeMessage(answer));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(eventStream(answer));
    if (!stalls) response.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    asks,
    ledger,
    calls: () => [...made.values()],
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A script that chooses by what the person said: the first key found in the prompt plays its turns from the start. */
export function byPrompt(turns: Readonly<Record<string, readonly Turn[]>>): Script {
  return (ask) => Object.entries(turns).find(([key]) => ask.prompt.includes(key))?.[1][ask.stepOfPrompt] ?? {};
}

/** A turn with one Bash call. */
export function bash(command: string, id?: string): Turn {
  return { calls: [{ name: 'Bash', input: { command, description: 'A scripted command' }, ...(id !== undefined && { id }) }] };
}

async function nextTurn(script: Script, ask: Ask, aside: ModelOptions['aside']): Promise<Turn> {
  // Titles and summaries: whatever is said there must not use up a turn.
  if (ask.tools.length === 0) return aside?.(ask) ?? { text: '{"title":"Lab"}' };
  return typeof script === 'function' ? await script(ask) : (script[ask.step] ?? {});
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: String(error) } }));
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The stand-in for the model got no port.');
  return address.port;
}
