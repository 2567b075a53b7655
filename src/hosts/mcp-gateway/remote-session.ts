import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { bodyLine, eventLines } from './event-stream.ts';
import { readLine, valueAt, type Frame } from './frame.ts';
import type { Headers } from './http-exchange.ts';

interface Renewal {
  /** Sends a message, with the headers of its session. */
  readonly post: (body: Buffer, session: Headers) => Promise<IncomingMessage>;
  /** What came by itself in the old session comes no more. */
  readonly begun: () => void;
}

const initialized = z.object({ protocolVersion: z.string().check(z.regex(/^[\w.-]{1,40}$/)) });
const ready = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');

/** By what a server over HTTP knows its client, in the revisions before 2026-07-28. */
export class RemoteSession {
  /** The client's own `initialize`. */
  #hello: { readonly line: Buffer; readonly id: string | undefined } | undefined;
  #id: string | undefined;
  #revision: string | undefined;
  #renewal: Promise<void> | undefined;

  /** The server's name for it; it need not give one. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Of every request in it. */
  headers(): Headers {
    return {
      ...(this.#id === undefined ? {} : { 'mcp-session-id': this.#id }),
      ...(this.#revision === undefined ? {} : { 'mcp-protocol-version': this.#revision }),
    };
  }

  /** The client asked for it, and the server has begun to answer. */
  begins(hello: Buffer, id: string | undefined, { headers }: IncomingMessage): void {
    this.#hello = { line: hello, id };
    const name = headers['mcp-session-id'];
    if (typeof name === 'string') this.#id = name;
  }

  /** What the server answered. */
  agreed(answer: Frame): void {
    this.#revision = revisionIn(answer);
  }

  /**
   * Begins another in place of one that the server no longer knows, as its client would. Requests that fail at once share it. Rejects, saying
   * why, where there is none to be had, or another revision of the protocol, to which the client has not agreed.
   */
  renew(lost: string, by: Renewal): Promise<void> {
    if (lost !== this.#id) return Promise.resolve();
    this.#renewal ??= this.#renew(by).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew({ post, begun }: Renewal): Promise<void> {
    const hello = this.#hello;
    if (hello === undefined) throw new Error('its session has ended');
    const response = await post(hello.line, {});
    try {
      const id = response.headers['mcp-session-id'];
      const answer = await answerTo(hello.id, response);
      if (answer === undefined || typeof id !== 'string') throw new Error('its session has ended, and it begins no other');
      if (revisionIn(answer) !== this.#revision)
        throw new Error('its session has ended, and it speaks another revision now: connect to it again');
      this.#id = id;
    } finally {
      response.destroy();
    }
    (await post(ready, this.headers())).resume();
    begun();
  }
}

/** A result, as JSON or in a stream of events; anything else is none. */
async function answerTo(id: string | undefined, response: IncomingMessage): Promise<Frame | undefined> {
  const type = (response.headers['content-type'] ?? '').toLowerCase();
  const lines = type.startsWith('text/event-stream') ? eventLines(response, { lastId: undefined, retryMs: 0 }) : [bodyLine(response)];
  for await (const line of lines) {
    const read = readLine(line);
    if (read.kind === 'message' && read.frame.id === id && read.frame.method === undefined)
      return read.frame.members.has('result') ? read.frame : undefined;
  }
  return undefined;
}

function revisionIn(frame: Frame): string | undefined {
  const place = frame.members.get('result');
  return place === undefined ? undefined : z.safeParse(initialized, valueAt(frame, place)).data?.protocolVersion;
}
