/** An MCP client over stdio for the suite's client scenarios, which say in the environment which revision to speak. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { env } from 'node:process';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod/mini';

const loose = z.record(z.string(), z.unknown());
const named = z.object({ name: z.string(), inputSchema: z.optional(loose) });
const context = z.object({ toolCalls: z.optional(z.array(z.object({ name: z.string(), arguments: loose }))) });
const asked = z.object({ params: z.object({ requestedSchema: z.object({ properties: z.record(z.string(), loose) }) }) });
const result = z.looseObject({
  tools: z.optional(z.array(named)),
  prompts: z.optional(z.array(named)),
  resources: z.optional(z.array(z.object({ uri: z.string() }))),
  resultType: z.optional(z.string()),
  inputRequests: z.optional(z.record(z.string(), z.unknown())),
  requestState: z.optional(z.string()),
});
const frame = z.object({
  id: z.optional(z.number()),
  method: z.optional(z.string()),
  result: z.optional(result),
  error: z.optional(loose),
});

type Result = z.infer<typeof result>;

const revision = env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '2025-11-25';
const isStateless = revision >= '2026';
const prefix = 'io.modelcontextprotocol/';
const clientInfo = { name: 'conformance-client', version: '1' };
const capabilities = { elicitation: {} };
const meta = { [`${prefix}protocolVersion`]: revision, [`${prefix}clientInfo`]: clientInfo, [`${prefix}clientCapabilities`]: capabilities };

/** Uses everything that the server behind a command offers, once. Answers with what errors say that it gave. */
export async function useServer([program = '', ...args]: readonly string[], patienceMs: number): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: patienceMs, killSignal: 'SIGKILL' });
  const ended = once(child, 'close');
  const client = new Client(child);
  await Promise.race([client.useAll(), ended]);
  child.stdin.end();
  await ended;
  return client.errors.join('\n');
}

class Client {
  readonly errors: string[] = [];
  readonly #server: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, (answer: z.infer<typeof frame>) => void>();
  #lastId = 0;

  constructor(server: ChildProcessByStdio<Writable, Readable, null>) {
    this.#server = server;
    server.stdin.on('error', () => undefined);
    createInterface({ input: server.stdout }).on('line', (line) => {
      const message = frame.parse(JSON.parse(line));
      const { id, method } = message;
      if (id === undefined) return;
      if (method === undefined) this.#waiting.get(id)?.(message);
      else if (method === 'elicitation/create') this.#say({ id, result: elicited(JSON.parse(line)) });
      else this.#say({ id, error: { code: -32601, message: 'Method not found' } });
    });
  }

  async useAll(): Promise<void> {
    await this.#begin();
    const { tools = [] } = (await this.#ask('tools/list')) ?? {};
    const wanted = context.parse(JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}')).toolCalls;
    const calls = wanted ?? tools.map(({ name }) => ({ name, arguments: argumentsOf(tools)[name] ?? {} }));
    for (const call of calls) await this.#ask('tools/call', call);
    for (const { uri } of (await this.#ask('resources/list'))?.resources ?? []) await this.#ask('resources/read', { uri });
    for (const { name } of (await this.#ask('prompts/list'))?.prompts ?? []) await this.#ask('prompts/get', { name });
  }

  async #begin(): Promise<void> {
    if (!isStateless) {
      await this.#ask('initialize', { protocolVersion: revision, capabilities, clientInfo });
      return this.#say({ method: 'notifications/initialized' });
    }
    // A server that did not speak the revision at first is asked again in one that it names: this one, for we have no other.
    if ((await this.#ask('server/discover')) === undefined) await this.#ask('server/discover');
  }

  #say(message: Readonly<Record<string, unknown>>): void {
    this.#server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** What is answered, or nothing where it is refused. */
  async #ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Result | undefined> {
    const id = (this.#lastId += 1);
    const answer = new Promise<z.infer<typeof frame>>((resolve) => this.#waiting.set(id, resolve));
    this.#say({ id, method, params: isStateless ? { ...params, _meta: meta } : params });
    const { result: got, error } = await answer;
    if (error !== undefined) this.errors.push(`${method}: ${JSON.stringify(error)}`);
    if (got?.resultType !== 'input_required') return got;
    const inputResponses = Object.fromEntries(Object.entries(got.inputRequests ?? {}).map(([key, request]) => [key, elicited(request)]));
    return this.#ask(method, { ...params, inputResponses, ...(got.requestState === undefined ? {} : { requestState: got.requestState }) });
  }
}

/** A person who accepts what is proposed. */
function elicited(request: unknown) {
  const { properties } = asked.parse(request).params.requestedSchema;
  return {
    action: 'accept',
    content: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema['default'] ?? true])),
  };
}

/** What a tool is called with, where nothing would not do. */
function argumentsOf(tools: readonly z.infer<typeof named>[]): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const rich = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
  return { add_numbers: { a: 5, b: 3 }, json_schema_echo: { schema: rich }, valid_tool: { region: 'eu' }, lookup_user: { id: 'me' } };
}
