import type { Socket } from 'node:net';
import * as z from 'zod/mini';
import { LineReader } from './lines.ts';
import { callSchema, type Failure, type Hello, type Method, type Methods, type Push, type Result, type WindowState } from './messages.ts';
import { isMethod, paramsOf } from './params.ts';
import type { Peer, Service } from './operations.ts';
import { isToken } from './token.ts';

/** A client that does not say hello in that time is cut off. */
const helloMs = 5_000;
/** A client that reads so slowly is cut off; it will connect again and get a snapshot. */
const mostUnread = 64 * 1024 * 1024;

interface PeerOptions {
  readonly clientToken: string;
  readonly service: Service;
  readonly onFault: (error: unknown) => void;
}

/** The server's end of one line. */
export class SocketPeer implements Peer {
  readonly socket: Socket;
  readonly #options: PeerOptions;
  readonly #lines = new LineReader();
  readonly #closed = new AbortController();
  readonly #impatience: NodeJS.Timeout;
  #hello: Hello | undefined;
  window: WindowState | undefined;

  constructor(socket: Socket, options: PeerOptions) {
    this.socket = socket;
    this.#options = options;
    this.#impatience = setTimeout(() => socket.destroy(), helloMs);
    socket.on('data', (bytes) => this.#receive(bytes));
    // A client that broke off is no fault of ours: `close` follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(this.#impatience);
      this.#closed.abort();
    });
  }

  get greeted(): boolean {
    return this.#hello !== undefined;
  }
  get client(): Hello['client'] {
    return this.#hello?.client ?? 'cli';
  }
  get pid(): number {
    return this.#hello?.pid ?? 0;
  }
  get version(): string {
    return this.#hello?.version ?? '';
  }
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  readonly push = (push: Push): void => this.#send(push);

  #receive(bytes: Buffer): void {
    try {
      for (const line of this.#lines.push(bytes)) this.#take(line);
    } catch {
      // Whoever does not speak our language is not worth an answer.
      this.socket.destroy();
    }
  }

  #take(line: string): void {
    const { id, method, params } = z.parse(callSchema, JSON.parse(line));
    if (!this.greeted && !this.#greets(method, params)) {
      this.#send({ id, error: { code: 'not-authorised', message: 'Say hello with the right token first' } });
      this.socket.destroySoon();
      return;
    }
    this.#run(method, params).then(
      (result) => this.#send({ id, result }),
      (error: unknown) => this.#send({ id, error: this.#failureOf(error) }),
    );
  }

  #greets(method: string, params: unknown): boolean {
    if (method !== 'hello') return false;
    const hello = paramsOf('hello', params);
    if (!isToken(hello.token, this.#options.clientToken)) return false;
    clearTimeout(this.#impatience);
    this.#hello = hello;
    if (hello.client === 'window') this.window = { folders: hello.folders ?? [], focused: hello.focused ?? false };
    return true;
  }

  async #run(method: string, params: unknown): Promise<unknown> {
    if (!isMethod(method)) throw new TypeError(`There is no method "${method}"`);
    if (method === 'window') this.window = paramsOf('window', params);
    return this.#call(method, paramsOf(method, params));
  }

  async #call<M extends Method>(method: M, params: Methods[M]['params']): Promise<unknown> {
    return this.#options.service[method](params, this);
  }

  #failureOf(error: unknown): Failure['error'] {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    if (code === undefined && !(error instanceof TypeError)) this.#options.onFault(error);
    return { code: code ?? 'failed', message: error instanceof Error ? error.message : String(error) };
  }

  #send(message: Result | Failure | Push): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(`${JSON.stringify(message)}\n`);
    if (this.socket.writableLength > mostUnread) this.socket.destroy();
  }
}
