import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Heard {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, id: unknown, heard: Heard) => void;

/** A server over Streamable HTTP that keeps what it hears; each tool is one way in which servers answer. */
export class HttpMcpServer {
  readonly heard: Heard[] = [];
  readonly aborted: string[] = [];
  readonly #tools: Readonly<Record<string, Answer>>;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(tools: Readonly<Record<string, Answer>>) {
    this.#tools = tools;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/mcp`;
  }

  calls(): readonly Heard[] {
    return this.heard.filter(({ body }) => body.includes('"tools/call"'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', headers } = request;
    const heard = { method, headers, body: Buffer.concat(parts).toString() };
    this.heard.push(heard);
    response.on('close', () => (response.writableFinished ? undefined : this.aborted.push(heard.body)));
    const stream = method === 'GET' ? this.#tools['GET'] : undefined;
    if (stream !== undefined) return stream(response, undefined, heard);
    if (method !== 'POST') return void response.writeHead(method === 'GET' ? 405 : 204).end();
    const message = JSON.parse(heard.body);
    if (message.id === undefined) return void response.writeHead(202).end();
    const tool = this.#tools[message.method === 'tools/call' ? message.params.name : message.method];
    if (tool !== undefined) return tool(response, message.id, heard);
    const result =
      message.method === 'initialize'
        ? { protocolVersion: '2025-11-25', capabilities: {} }
        : { tools: [{ name: 'ok' }, { name: 'denied' }] };
    json(response, message.id, result, message.method === 'initialize' ? { 'mcp-session-id': 'session-1' } : {});
  }
}

export function json(response: ServerResponse, id: unknown, result: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response
    .writeHead(200, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ jsonrpc: '2.0', id, result }, undefined, 2));
}

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

export function said(text: string) {
  return { content: [{ type: 'text', text }] };
}
