import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Reply } from '../agents/agent.ts';
import { HttpFault, readJson } from './http-body.ts';
import { isToken, proofOf, telemetryTokenOf } from './token.ts';

export interface HookEndpointOptions {
  /** 0: any free one. */
  readonly port: number;
  /** What agents' hooks carry. */
  readonly hookToken: string;
  /** What the health answer proves to know. */
  readonly clientToken: string;
  /** `signal` is aborted when the agent has gone. */
  readonly hook: (agent: string, message: unknown, signal: AbortSignal) => Promise<Reply>;
  /** Takes what an agent tells of what it uses (OTLP); whether that is wanted. Left out: it is not. */
  readonly telemetry?: (body: unknown) => boolean;
  /** Stands before MCP servers. Left out: before none. */
  readonly mcp?: McpWay;
  readonly onFault: (error: unknown) => void;
}

/** How MCP servers are reached by name; `tokenOf` is what lets a client in to that one. */
export interface McpWay {
  readonly tokenOf: (server: string) => string;
  readonly serve: (server: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface HookEndpoint {
  readonly port: number;
  /** Takes no more; what is still open is cut, which blocks as a refusal does. */
  readonly close: () => Promise<void>;
}

/** For a whole request to arrive. An answer may take hours: a person gives it. */
const requestMs = 15_000;
const telemetryPath = '/v1/otlp/v1/logs';
const longestTelemetry = 4 * 1024 * 1024;

/**
 * The endpoint that agents' HTTP hooks call, on 127.0.0.1 only: `POST /v1/hooks/<agent>`. A client that gets anything but
 * a 2xx takes it for a failure and blocks (`onFailure: "block"`): so every doubt is answered with another status.
 * `POST /v1/otlp/v1/logs` takes what agents tell of what they use, with a token of its own.
 * `/v1/mcp/<server>/<token>` is an MCP server over Streamable HTTP, with the gateway before it.
 * `GET /v1/health?nonce=…` proves to our own clients whose port this is.
 */
export async function startHookEndpoint(options: HookEndpointOptions): Promise<HookEndpoint> {
  const server = createServer({
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 0,
  });
  server.timeout = 0;
  const port = await listen(server, options.port);
  server.on('request', (request, response) => {
    answer(request, response, port, options).catch((error: unknown) => fail(response, error, options.onFault));
  });
  server.on('error', options.onFault);
  return { port, close: () => close(server) };
}

async function answer(request: IncomingMessage, response: ServerResponse, port: number, options: HookEndpointOptions): Promise<void> {
  // Rebinding a name to 127.0.0.1 makes a web page's requests arrive here, but not with this Host and no Origin.
  if (!isOwnHost(request.headers.host, port)) throw new HttpFault(403, 'Wrong host');
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
  const wanted = options.mcp && mcpPath(url.pathname);
  if (request.headers.origin !== undefined && !(wanted && isOwnOrigin(request.headers.origin, port)))
    throw new HttpFault(403, 'Web pages may not call this');
  if (options.mcp && wanted) {
    if (!isToken(wanted.token, options.mcp.tokenOf(wanted.server))) throw new HttpFault(404, 'There is nothing here');
    return options.mcp.serve(wanted.server, request, response);
  }
  if (request.method === 'GET' && url.pathname === '/v1/health') return health(response, url.searchParams.get('nonce') ?? '', options);
  const agent = /^\/v1\/hooks\/([a-z0-9-]{1,40})$/.exec(url.pathname)?.[1];
  const isTelemetry = url.pathname === telemetryPath && options.telemetry !== undefined;
  if (agent === undefined && !isTelemetry) throw new HttpFault(404, 'There is nothing here');
  if (request.method !== 'POST') throw new HttpFault(405, 'Only POST');
  if (
    !isToken(
      /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
      isTelemetry ? telemetryTokenOf(options.hookToken) : options.hookToken,
    )
  )
    throw new HttpFault(401, 'Not authorised');
  if (agent === undefined) await telemetry(request, response, options);
  else await hook(request, response, agent, options);
}

async function telemetry(request: IncomingMessage, response: ServerResponse, options: HookEndpointOptions): Promise<void> {
  const isWanted = options.telemetry?.(await readJson(request, longestTelemetry)) ?? false;
  if (!isWanted) throw new HttpFault(404, 'There is nothing here');
  send(response, 200, {});
}

async function hook(request: IncomingMessage, response: ServerResponse, agent: string, options: HookEndpointOptions): Promise<void> {
  const message = await readJson(request);
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableEnded) gone.abort();
  });
  if (response.destroyed) gone.abort();
  const { status, body } = (await options.hook(agent, message, gone.signal)).http;
  send(response, status, body);
}

function health(response: ServerResponse, nonce: string, { clientToken }: HookEndpointOptions): void {
  if (!/^[\w-]{16,128}$/.test(nonce)) throw new HttpFault(400, 'A nonce of 16 to 128 letters or digits, please');
  send(response, 200, { proof: proofOf(clientToken, nonce) });
}

function mcpPath(path: string): { readonly server: string; readonly token: string } | undefined {
  const [, name, token] = /^\/v1\/mcp\/([^/]{1,400})\/([0-9a-f]{64})$/.exec(path) ?? [];
  if (name === undefined || token === undefined) return undefined;
  try {
    return { server: decodeURIComponent(name), token };
  } catch {
    return undefined;
  }
}

/** A client that is no web page may say where it believes to be; the token in the path is what lets it in. */
function isOwnOrigin(origin: string, port: number): boolean {
  return origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
}

function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Anything thrown becomes a status outside 2xx: to the client a failure, which blocks. */
function fail(response: ServerResponse, error: unknown, onFault: (error: unknown) => void): void {
  if (!(error instanceof HttpFault)) onFault(error);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status = error instanceof HttpFault ? error.status : 500;
  const reason = error instanceof HttpFault ? error.message : 'Countersign failed, so nothing runs';
  send(response, status, { error: reason });
}

/** A connection serves one request: one that is kept may be closed at the very moment the client uses it again. */
function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
    'cache-control': 'no-store',
  });
  response.end(text);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The hook endpoint has no port'));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
