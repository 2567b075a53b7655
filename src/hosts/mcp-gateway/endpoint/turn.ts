import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Frame } from '../frame.ts';
import type { ServerEvent } from '../event-stream.ts';

/** So long a client is left without a sign; some give up after a minute without one. */
const silentMs = 5_000;

/** What else stands in an id would begin a line of its own for some clients, and a message that nobody has looked through. */
const plain = /^[\x20-\x7e]*$/;

/** One request of a client over HTTP, and the response that it gets: nothing so far, one message, or a stream of them. */
export class Turn {
  readonly headers: IncomingHttpHeaders;
  /** The message that it brought; left out: it only listens. */
  readonly frame: Frame | undefined;
  /** Ends what was asked of the server for it. */
  readonly ending = new AbortController();
  /** What the response is to say besides: the server's own headers, and its status. */
  status = 200;
  extra: Readonly<Record<string, string>> = {};
  /** The server has been asked, and has answered; it says where its answer can be gone on with. */
  isSent = false;
  isAnswered = false;
  canGoOn = false;
  readonly #response: ServerResponse;
  #opening: NodeJS.Timeout | undefined;

  constructor(headers: IncomingHttpHeaders, response: ServerResponse, frame?: Frame) {
    this.headers = headers;
    this.#response = response;
    this.frame = frame;
    // The answer to a handshake has the session in its head, which is not known before it comes.
    if (isRequest(frame) && frame.method !== 'initialize') this.#opening = setTimeout(() => this.stream(), silentMs);
    response.on('close', () => clearTimeout(this.#opening));
  }

  /** It has been answered, or its client is gone. */
  get isOver(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  /** Nothing was said yet. */
  get isFresh(): boolean {
    return !this.#response.headersSent && !this.isOver;
  }

  /** Answers with a stream from now on. */
  stream(): void {
    if (!this.isFresh) return;
    clearTimeout(this.#opening);
    this.#response.writeHead(200, { ...this.extra, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#response.flushHeaders();
  }

  /** Resolves when the client has read so much that it may be told more, or is gone. */
  async drained(): Promise<void> {
    const response = this.#response;
    if (response.writableNeedDrain && !this.isOver) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }

  /** A message that is not the answer. */
  say({ line, id, retry }: ServerEvent): void {
    if (this.isOver) return;
    this.stream();
    const fields = [id === undefined || !plain.test(id) ? '' : `id: ${id}\n`, retry === undefined ? '' : `retry: ${retry}\n`].join('');
    if (line === undefined) return void this.#response.write(`${fields}data: \n\n`);
    this.#response.write(`${fields}event: message\ndata: `);
    this.#response.write(line);
    this.#response.write('\n');
  }

  /** The answer, and no more. */
  answer(event: ServerEvent & { readonly line: Buffer }): void {
    if (this.isOver) return;
    if (this.isFresh) return this.whole(event.line);
    this.say(event);
    this.#response.end();
  }

  /** One message, with the server's status. */
  whole(line: Buffer): void {
    if (!this.isFresh) return;
    clearTimeout(this.#opening);
    const length = { 'content-length': String(line.length), 'cache-control': 'no-store' };
    this.#response.writeHead(this.status, { ...this.extra, ...length, 'content-type': 'application/json' }).end(line);
  }

  /** It was not taken, and why. */
  refuse(line: Buffer): void {
    this.status = 400;
    this.whole(line);
  }

  /** Nothing (more) is said. */
  end(status = this.status): void {
    clearTimeout(this.#opening);
    if (this.isFresh) this.#response.writeHead(status, { ...this.extra }).end();
    else this.#response.end();
  }

  /** Calls back when the client goes before it has its answer. */
  onGone(gone: () => void): void {
    this.#response.on('close', () => {
      if (!this.#response.writableEnded) gone();
    });
  }
}

export function isRequest(frame: Frame | undefined): frame is Frame & { readonly id: string; readonly method: string } {
  return frame?.id !== undefined && frame.method !== undefined;
}
