import manifest from '../../../package.json' with { type: 'json' };
import type { OwnAnswer } from '../../channel/own-messages.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import { idText, readLine, type Frame } from './frame.ts';
import type { Overlong } from './frame-lines.ts';
import { readCall, readClient, type Client, type GovernedCall } from './governed-call.ts';
import { toolList } from './own-tools.ts';
import { errorLine, invalid, resultLine, unreadable } from './reply.ts';

export interface OwnServerOptions {
  readonly run: (call: GovernedCall) => Promise<OwnAnswer>;
  readonly introduce: (client: Client) => void;
  readonly toClient: (line: Buffer) => void;
}

/** Those with a handshake, the newest first, and the one without. */
const handshakes = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
const stateless = '2026-07-28';
const versionKey = 'io.modelcontextprotocol/protocolVersion';
const unsupported = -32_022;
const noMethod = -32_601;
const wrongParams = -32_602;

const info: JsonObject = { name: 'countersign', version: manifest.version };
const capabilities: JsonObject = { tools: {} };
const instructions =
  'Countersign judges your tool calls by policies. When a call was refused, ask "explain" what is let through instead of trying variants; ask "request" ahead for what a person has to approve.';
/** What the newest revision wants to know of lists; the others do not mind. */
const lasting: JsonObject = { ttlMs: 3_600_000, cacheScope: 'private' };

/** Our own MCP server, in both eras of the protocol: what one client says, line by line. */
export class OwnMcpServer {
  readonly #options: OwnServerOptions;
  readonly #cancelled = new Set<string>();
  readonly #running = new Map<string, Promise<Buffer>>();

  constructor(options: OwnServerOptions) {
    this.#options = options;
  }

  take(line: Buffer | Overlong): void {
    if ('tail' in line) return this.#say(errorLine('null', unreadable, 'The message is too long'));
    const read = readLine(line);
    if (read.kind === 'message') this.#take(read.frame);
    else if (read.kind === 'batch') read.lines.forEach((one) => this.take(one));
    else if (read.kind === 'bad') this.#say(errorLine('null', unreadable, `The message cannot be read: ${read.why}`));
  }

  /** Resolves when all that was asked is answered. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #take(frame: Frame): void {
    const { id, method } = frame;
    // An answer: we ask nothing.
    if (method === undefined) return;
    const params = paramsOf(frame);
    if (id !== undefined) return this.#request(frame, id, method, params);
    if (method === 'notifications/cancelled') this.#cancel(params['requestId']);
  }

  #request(frame: Frame, id: string, method: string, params: JsonObject): void {
    const asked = objectIn(params['_meta'])[versionKey];
    if (asked !== undefined && asked !== stateless) return this.#say(wrongVersion(idText(frame), asked));
    switch (method) {
      case 'initialize':
        return this.#answer(frame, this.#initialize(params));
      case 'server/discover':
        return this.#answer(frame, discovered);
      case 'ping':
        return this.#answer(frame, {});
      case 'tools/list':
        return this.#answer(frame, { tools: toolList, resultType: 'complete', ...lasting });
      case 'tools/call':
        return void this.#call(frame, id);
      default:
        return this.#say(errorLine(idText(frame), noMethod, `There is no ${method} here.`));
    }
  }

  #initialize({ protocolVersion, clientInfo }: JsonObject): JsonObject {
    const client = readClient(clientInfo);
    if (client !== undefined) this.#options.introduce(client);
    const version = handshakes.find((known) => known === protocolVersion) ?? handshakes[0];
    return { protocolVersion: version, capabilities, serverInfo: info, instructions };
  }

  async #call(frame: Frame, id: string): Promise<void> {
    if (this.#running.has(id)) return this.#say(errorLine('null', invalid, `Two requests have the id ${idText(frame)}`));
    const running = this.#ran(frame);
    this.#running.set(id, running);
    const line = await running;
    this.#running.delete(id);
    if (!this.#cancelled.delete(id)) this.#say(line);
  }

  async #ran(frame: Frame): Promise<Buffer> {
    let call: GovernedCall;
    try {
      call = readCall(frame);
    } catch (error) {
      return errorLine(idText(frame), wrongParams, error instanceof Error ? error.message : String(error));
    }
    if (call.client !== undefined) this.#options.introduce(call.client);
    const { text, failed } = await this.#options.run(call);
    return resultLine(idText(frame), { content: [{ type: 'text', text }], isError: failed, resultType: 'complete' });
  }

  #cancel(requestId: JsonValue | undefined): void {
    const id = typeof requestId === 'string' ? `text ${requestId}` : `number ${JSON.stringify(requestId)}`;
    if (this.#running.has(id)) this.#cancelled.add(id);
  }

  #answer(frame: Frame, result: JsonObject): void {
    this.#say(resultLine(idText(frame), result));
  }

  #say(line: Buffer): void {
    this.#options.toClient(line);
  }
}

const discovered: JsonObject = {
  resultType: 'complete',
  supportedVersions: [stateless],
  capabilities,
  instructions,
  serverInfo: info,
  ...lasting,
  _meta: { 'io.modelcontextprotocol/serverInfo': info },
};

function wrongVersion(id: string, requested: JsonValue): Buffer {
  const error = { code: unsupported, message: 'Unsupported protocol version', data: { supported: [stateless], requested } };
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}\n`);
}

function paramsOf({ bytes, members }: Frame): JsonObject {
  const place = members.get('params');
  if (place === undefined) return {};
  try {
    const params: JsonValue = JSON.parse(bytes.toString('utf8', place.start, place.end));
    return objectIn(params);
  } catch {
    // Whoever needs them says what is missing.
    return {};
  }
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
