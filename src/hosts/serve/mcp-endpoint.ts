import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { McpWay } from '../../channel/http-server.ts';
import { endpointHeader } from '../../channel/token.ts';
import type { Home } from '../../storage/home.ts';
import { governorEnvironment } from '../../storage/install/person-environment.ts';
import { remoteToken } from '../../storage/mcp-remotes.ts';
import { programBeside } from './program-beside.ts';

interface Running {
  readonly port: number;
  readonly token: string;
  readonly child: ChildProcess;
}

/** Of one connection, not of what goes through it. */
const hopByHop = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host)$/;
const startMs = 15_000;

/**
 * The way to MCP servers over HTTP. Their messages are read in a process of their own: one that floods us, or has gigabytes to say, must not keep the
 * governor from its answers. It starts with the first request if not before, and again after it has ended.
 */
export class McpEndpoint implements McpWay {
  readonly #home: Home;
  #running: Promise<Running> | undefined;
  #isOver = false;

  constructor(home: Home) {
    this.#home = home;
  }

  readonly tokenOf = (server: string): string => remoteToken(this.#home, server);

  readonly serve = async (server: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { port, token } = await this.#start();
    const { method } = request;
    const headers: OutgoingHttpHeaders = { ...kept(request.headers), [endpointHeader]: token };
    const onward = ask({ host: '127.0.0.1', port, path: `/${encodeURIComponent(server)}`, method, headers });
    onward.on('response', (from) => {
      response.writeHead(from.statusCode ?? 502, kept(from.headers));
      response.flushHeaders();
      from.pipe(response);
      from.on('error', () => response.destroy());
    });
    onward.on('error', () => (response.headersSent ? response.destroy() : fail(response)));
    response.on('close', () => onward.destroy());
    request.on('error', () => onward.destroy());
    request.pipe(onward);
  };

  /** Starts it ahead of the first request: some clients give a server five seconds for its first answer. */
  ready(): void {
    // The first request tries again, and says what is wrong.
    void this.#start().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    const running = await this.#running?.catch(() => undefined);
    if (running === undefined || running.child.exitCode !== null || running.child.signalCode !== null) return;
    const ended = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await ended;
  }

  #start(): Promise<Running> {
    if (this.#isOver) return Promise.reject(new Error('The governor is ending'));
    this.#running ??= start(this.#home.root, (child) => child.once('exit', () => (this.#running = undefined))).catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }
}

async function start(root: string, begun: (child: ChildProcess) => void): Promise<Running> {
  const token = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, [programBeside('mcp-gateway'), 'endpoint'], {
    env: { ...governorEnvironment(), COUNTERSIGN_HOME: root },
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  begun(child);
  // It could not be started, or has ended already: that shows in its saying nothing.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${token}\n`);
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs);
  try {
    const [said]: unknown[] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])]);
    const port = Number(String(said).trim());
    if (!(port > 0)) throw new Error('What stands before MCP servers over HTTP does not start');
    return { port, token, child };
  } finally {
    clearTimeout(timer);
  }
}

function kept(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name)));
}

function fail(response: ServerResponse): void {
  response
    .writeHead(502, { 'content-type': 'application/json' })
    .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32002,"message":"Countersign failed, so nothing runs. Try again."}}');
}
