import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import manifest from '../../../package.json' with { type: 'json' };
import { gateListing, gateRefusal, readGateInput } from '../../agents/claude-code/gate.ts';
import { LineReader } from '../../channel/lines.ts';
import type { HookReply } from '../../channel/messages.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { GateLines } from './gate-lines.ts';

const id = z.union([z.string(), z.number()]);
type Id = z.infer<typeof id>;
/** JSON-RPC, as MCP speaks it: one message a line. */
const incoming = z.object({ id: z.optional(id), method: z.optional(z.string()), params: z.optional(z.unknown()) });
const initializing = z.object({ protocolVersion: z.string() });
const calling = z.object({ arguments: z.record(z.string(), z.unknown()) });
const cancelling = z.object({ requestId: id });

const methodNotFound = -32_601;

/**
 * The gate: an MCP server on stdin and stdout, to which only the agent that started it can speak. Its one tool asks the
 * governor for its answer to a tool call that the agent's HTTP hook brings as well. Resolves when the agent hangs up.
 */
export async function runGate(agent: string, stdin: Readable, write: (line: string) => void): Promise<void> {
  const gate = new Gate(agent, write);
  const lines = new LineReader();
  for await (const chunk of stdin) {
    const bytes: Buffer = chunk;
    // What cannot be read ends the gate: then every call is refused.
    for (const line of lines.push(bytes)) gate.take(z.parse(incoming, JSON.parse(line)));
  }
}

class Gate {
  readonly #agent: string;
  readonly #write: (line: string) => void;
  readonly #lines = new GateLines();
  readonly #waiting = new Map<Id, AbortController>();

  constructor(agent: string, write: (line: string) => void) {
    this.#agent = agent;
    this.#write = write;
  }

  take(message: z.infer<typeof incoming>): void {
    if (message.method === 'notifications/cancelled') this.#cancel(message.params);
    else if (message.id !== undefined && message.method !== undefined) this.#request(message.id, message.method, message.params);
  }

  #request(request: Id, method: string, params: unknown): void {
    switch (method) {
      case 'initialize':
        return this.#answer(request, {
          protocolVersion: z.parse(initializing, params).protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'countersign', version: manifest.version },
        });
      case 'ping':
        return this.#answer(request, {});
      case 'tools/list':
        return this.#answer(request, { tools: [gateListing] });
      case 'tools/call':
        return void this.#confirm(request, params);
      default:
        return this.#say({ id: request, error: { code: methodNotFound, message: `There is no ${method} here.` } });
    }
  }

  /** Never rejects: whatever breaks is a refusal. */
  async #confirm(request: Id, params: unknown): Promise<void> {
    const gone = new AbortController();
    this.#waiting.set(request, gone);
    const text = await this.#ask(params, gone.signal).catch((error: unknown) =>
      gateRefusal(error instanceof Error ? error.message : String(error)),
    );
    this.#waiting.delete(request);
    if (!gone.signal.aborted) this.#answer(request, { content: [{ type: 'text', text }] });
  }

  async #ask(params: unknown, gone: AbortSignal): Promise<string> {
    const message = readGateInput(z.parse(calling, params).arguments);
    const call = { agent: this.#agent, event: 'PreToolUse', message, pid: process.ppid, ...pidSpace(), paired: true };
    return textOf(await this.#lines.ask(call, gone));
  }

  #cancel(params: unknown): void {
    this.#waiting.get(z.parse(cancelling, params).requestId)?.abort();
  }

  #answer(request: Id, result: object): void {
    this.#say({ id: request, result });
  }

  #say(message: object): void {
    this.#write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}

/** What a command hook would print. The client wants an object also where there is nothing to say. */
function textOf({ stdout, stderr, exitCode }: HookReply): string {
  if (stdout !== '') return stdout;
  return exitCode === 0 ? '{}' : gateRefusal(stderr);
}
