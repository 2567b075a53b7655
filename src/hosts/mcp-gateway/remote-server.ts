import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { headersVariable } from '../../agents/mcp/remote-headers.ts';
import { bodyLine, eventLines, TooLong, type StreamPlace } from './event-stream.ts';
import { idText, readLine, valueAt, type Frame } from './frame.ts';
import { FrameLines } from './frame-lines.ts';
import { checkAddress, headersOf, isGood, isJson, isStream, type Exchange, type Headers } from './http-exchange.ts';
import type { Login } from './login.ts';
import { ParamHeaders } from './param-headers.ts';
import { errorLine, unreached } from './reply.ts';
import { RemoteSession } from './remote-session.ts';
import { statelessHeaders } from './request-headers.ts';

/** A request whose answer has not come. */
interface Post {
  /** As the frame has it; `undefined`: nothing answers it. */
  readonly id: string | undefined;
  readonly method: string | undefined;
  readonly ending: AbortController;
  readonly isStateless: boolean;
  isAnswered: boolean;
}

const goodbyeMs = 1_000;
const mostTries = 5;
const cancelling = z.object({ requestId: z.union([z.string(), z.number()]) });

/** A server that is reached over Streamable HTTP, with the ends that one has which is started here. */
export class RemoteServer {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly exitCode = 0;
  signalCode: NodeJS.Signals | null = null;
  readonly ended: Promise<unknown>;
  readonly #url: URL;
  readonly #headers: Headers;
  readonly #login: Pick<Login, 'exchange' | 'refusal'>;
  readonly #over = new AbortController();
  readonly #posts = new Set<Post>();
  readonly #params = new ParamHeaders();
  readonly #session = new RemoteSession();
  /** Of what the client has asked for a list. */
  readonly #listed = new Set<string>();

  constructor(url: URL, env: Readonly<Record<string, string | undefined>>, login: Pick<Login, 'exchange' | 'refusal'>) {
    this.#url = url;
    this.#login = login;
    this.#headers = headersOf(env[headersVariable] ?? '');
    checkAddress(url, this.#headers);
    this.ended = once(this.stdout, 'close');
    const lines = new FrameLines();
    this.stdin.on('data', (bytes: Buffer) => {
      // The gateway hands on no longer ones.
      for (const line of lines.push(bytes)) if (!('tail' in line)) this.#take(line);
    });
    this.stdin.on('end', () => void this.#leave());
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.signalCode ??= signal;
    void this.#leave().finally(() => this.stdout.destroy());
  }

  #take(line: Buffer): void {
    const read = readLine(line);
    const frame = read.kind === 'message' ? read.frame : undefined;
    if (frame?.method === 'notifications/cancelled' && this.#cancel(frame)) return;
    const stateless = frame === undefined ? undefined : this.#statelessHeaders(frame);
    const isRequest = frame?.id !== undefined && frame.method !== undefined;
    const post = newPost(stateless !== undefined, isRequest ? frame.id : undefined, frame?.method);
    this.#posts.add(post);
    const [, list] = /^(tools|prompts|resources)\/list$/.exec(post.method ?? '') ?? [];
    if (list !== undefined) this.#listed.add(list);
    void this.#post(post, line, stateless)
      .catch((error: unknown) => this.#failed(post, frame, error))
      .finally(() => this.#posts.delete(post));
  }

  async #post(post: Post, body: Buffer, stateless: Headers | undefined): Promise<void> {
    const { signal } = post.ending;
    const { id } = this.#session;
    let response = await this.#tell(signal, body, stateless ?? this.#session.headers());
    if (response.statusCode === 404 && id !== undefined && stateless === undefined && post.method !== 'initialize' && post.method) {
      const line = isJson(response) ? await bodyLine(response) : void response.resume();
      // Of this very request: it has read it, and it must not run twice.
      if (line !== undefined && isAbout(line, post)) return this.#pass(line, post);
      // A session that it does not know: it has read nothing of what came in it.
      await this.#session.renew(id, {
        post: (hello, headers) => this.#tell(this.#over.signal, hello, headers),
        begun: () => {
          void this.#listen().catch(() => undefined);
          // What it shows now may be something else than what the client knows.
          for (const list of this.#listed) this.stdout.write(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}\n`);
        },
      });
      response = await this.#tell(signal, body, this.#session.headers());
    }
    if (post.method === 'initialize') this.#session.begins(body, post.id, response);
    await this.#receive(response, post);
    if (post.method === 'notifications/initialized' && isGood(response)) void this.#listen().catch(() => undefined);
  }

  #tell(signal: AbortSignal, body: Buffer, headers: Headers): Promise<IncomingMessage> {
    const accept = 'application/json, text/event-stream';
    return this.#send(signal, { method: 'POST', body, headers: { 'content-type': 'application/json', accept, ...headers } });
  }

  async #receive(response: IncomingMessage, post: Post): Promise<void> {
    if (isStream(response)) return this.#follow(response, post);
    if (isJson(response)) {
      const line = await bodyLine(response);
      // A refusal that is none of JSON-RPC's, or about no request, says nothing to a client that waits for this one.
      if (isGood(response) || isAbout(line, post)) await this.#pass(line, post);
    } else response.resume();
    if (post.id !== undefined && !post.isAnswered) throw new Error(await this.#whyNot(response));
  }

  /** An answer may be interrupted by a server that goes on with it when it is asked again where it stopped. */
  async #follow(first: IncomingMessage, post: Post): Promise<void> {
    const place: StreamPlace = { lastId: undefined, retryMs: 1_000 };
    let response = first;
    for (let tries = 0; ; tries += 1) {
      const before = place.lastId;
      try {
        for await (const line of eventLines(response, place)) await this.#pass(line, post);
      } catch (error) {
        if (post.isStateless || place.lastId === undefined || this.#isOver(post) || error instanceof TooLong) throw error;
      }
      if (post.id === undefined || post.isAnswered) return;
      if (place.lastId !== before) tries = 0;
      if (post.isStateless || place.lastId === undefined || tries === mostTries)
        throw new Error('it ended its answer before it was complete');
      await delay(place.retryMs, undefined, { signal: post.ending.signal });
      response = await this.#stream(post.ending.signal, place.lastId);
      if (!isStream(response)) throw new Error(await this.#whyNot(response));
    }
  }

  /** What the server says by itself. One that has nothing to say refuses, and is not asked again. */
  async #listen(): Promise<void> {
    const post = newPost(false);
    const place: StreamPlace = { lastId: undefined, retryMs: 1_000 };
    const { id } = this.#session;
    // Another session has a stream of its own.
    for (let tries = 0; tries < mostTries && id === this.#session.id && !this.#over.signal.aborted; tries += 1) {
      const response = await this.#stream(this.#over.signal, place.lastId).catch(() => undefined);
      if (response !== undefined && !isStream(response)) return void response.destroy();
      try {
        if (response !== undefined)
          for await (const line of eventLines(response, place)) {
            tries = 0;
            await this.#pass(line, post);
          }
      } catch {
        // It broke off: asked again below.
      }
      await delay(place.retryMs * (tries + 1), undefined, { signal: this.#over.signal });
    }
  }

  #stream(signal: AbortSignal, lastId: string | undefined): Promise<IncomingMessage> {
    const from = lastId === undefined ? {} : { 'last-event-id': lastId };
    return this.#send(signal, { method: 'GET', headers: { accept: 'text/event-stream', ...this.#session.headers(), ...from } });
  }

  #send(signal: AbortSignal, { headers, ...wanted }: Pick<Exchange, 'method' | 'headers' | 'body'>): Promise<IncomingMessage> {
    return this.#login.exchange({
      ...wanted,
      url: this.#url,
      headers: { ...this.#headers, ...headers },
      signal: AbortSignal.any([signal, this.#over.signal]),
    });
  }

  async #pass(line: Buffer, post: Post): Promise<void> {
    const read = readLine(line);
    let shown = line;
    if (read.kind === 'message' && read.frame.method === undefined && read.frame.id === post.id) {
      if (post.isStateless && post.method === 'tools/list') shown = await this.#params.learn(read.frame);
      post.isAnswered = true;
      if (post.method === 'initialize') this.#session.agreed(read.frame);
    }
    if (this.#isOver(post) || this.stdout.destroyed) return;
    if (!this.stdout.write(shown)) await once(this.stdout, 'drain', { signal: AbortSignal.any([post.ending.signal, this.#over.signal]) });
  }

  /** Since there are no sessions, the end of its request is what cancels it. */
  #cancel(frame: Frame): boolean {
    const place = frame.members.get('params');
    const read = place && z.safeParse(cancelling, valueAt(frame, place));
    if (read?.success !== true) return false;
    const { requestId } = read.data;
    const id = typeof requestId === 'string' ? `text ${requestId}` : `number ${requestId}`;
    const post = [...this.#posts].find((one) => one.id === id && !one.isAnswered);
    post?.ending.abort();
    return post?.isStateless === true;
  }

  #failed(post: Post, frame: Frame | undefined, error: unknown): void {
    if (post.id === undefined || frame === undefined || post.isAnswered || this.#isOver(post)) return;
    const why = error instanceof Error ? error.message : String(error);
    this.stdout.write(errorLine(idText(frame), unreached, `No answer from the MCP server at ${this.#url.origin}: ${why}.`));
  }

  #statelessHeaders(frame: Frame): Headers | undefined {
    const headers = statelessHeaders(frame);
    return headers && { ...headers, ...this.#params.of(frame) };
  }

  #isOver({ ending }: Post): boolean {
    return ending.signal.aborted || this.#over.signal.aborted;
  }

  async #whyNot(response: IncomingMessage): Promise<string> {
    const { statusCode = 0 } = response;
    if (statusCode === 401 || statusCode === 403) return this.#login.refusal(response, `another token in ${headersVariable}`);
    if (statusCode === 404) return 'it answers 404: the address is wrong';
    return isGood(response) ? 'it said nothing to it' : `it answers ${statusCode}`;
  }

  /** The session is given back, if the server hears of it soon. */
  async #leave(): Promise<void> {
    if (this.#over.signal.aborted) return;
    const session = this.#session.headers();
    this.#over.abort();
    if (this.#session.id !== undefined)
      await this.#login
        .exchange({ url: this.#url, method: 'DELETE', headers: { ...this.#headers, ...session }, signal: AbortSignal.timeout(goodbyeMs) })
        .then((response) => response.destroy())
        .catch(() => undefined);
    this.stdout.end();
  }
}

function newPost(isStateless: boolean, id?: string, method?: string): Post {
  return { id, method, ending: new AbortController(), isStateless, isAnswered: false };
}

/** It answers that request, whatever it says of it. */
function isAbout(line: Buffer, { id }: Post): boolean {
  const read = readLine(line);
  return id !== undefined && read.kind === 'message' && read.frame.id === id;
}
