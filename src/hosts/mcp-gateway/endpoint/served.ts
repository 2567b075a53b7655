import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyLine, events } from '../event-stream.ts';
import { idText, readLine, type Frame } from '../frame.ts';
import { McpGateway } from '../gateway.ts';
import { governedMethods } from '../governed-call.ts';
import { isGood, isStream } from '../http-exchange.ts';
import type { Judge } from '../judge.ts';
import type { KnownTasks } from '../known-tasks.ts';
import { errorLine, refusedCode, unreached } from '../reply.ts';
import { statelessHeaders } from '../request-headers.ts';
import type { Speaker } from '../speaker.ts';
import { Hearers, type Cause } from './hearers.ts';
import { cancelledId } from '../message-params.ts';
import { cancelLine, withId } from './ids.ts';
import { isRequest, type Turn } from './turn.ts';
import type { Upstream } from './upstream.ts';

interface ServedOptions {
  readonly judge: Judge;
  readonly speaker: Speaker;
  readonly tasks: KnownTasks;
  /** Rejects where the server must not be asked. */
  readonly open: () => Promise<Upstream>;
  /** The server has given this client a session. */
  readonly named: (session: string) => void;
  readonly note: (text: string) => void;
}

/** As the protocol has it. */
const headerMismatch = -32_020;

/** What one client and its server say to each other over HTTP, with the gateway between them. */
export class Served {
  readonly #options: ServedOptions;
  readonly #gateway: McpGateway;
  readonly #causes = new AsyncLocalStorage<Cause>();
  readonly #hearers = new Hearers();
  #upstream: Promise<Upstream> | undefined;
  usedAt = performance.now();

  constructor(options: ServedOptions) {
    this.#options = options;
    const { judge, speaker, tasks, note } = options;
    this.#gateway = new McpGateway({
      judge,
      speaker,
      tasks,
      note,
      env: {},
      isDistant: true,
      toClient: (line) => this.#hearers.hear(this.#causes.getStore(), line),
      toServer: (line) => this.#toServer(line),
    });
  }

  get isIdle(): boolean {
    return this.#hearers.isIdle;
  }

  /** A message of the client's. Resolves when it was dealt with; its answer may come later. */
  async post(turn: Turn): Promise<void> {
    const { frame } = turn;
    this.usedAt = performance.now();
    if (frame === undefined) return;
    if (disagrees(frame, turn))
      return turn.refuse(errorLine(idText(frame), headerMismatch, 'Its headers say something else than its body'));
    const obstacle = await this.#obstacle();
    // Its client has gone while the server's start was asked about: nobody wants the call any more.
    if (isRequest(frame) && turn.isOver) return;
    if (obstacle === undefined) this.#causes.run({ turn }, () => (isRequest(frame) ? this.#request(turn, frame) : this.#told(turn, frame)));
    else if (isRequest(frame)) turn.answer({ line: errorLine(idText(frame), refusedCode, obstacle) });
    else turn.end(202);
  }

  /** The client wants to hear what the server says by itself. */
  async listen(turn: Turn): Promise<void> {
    this.usedAt = performance.now();
    turn.onGone(() => turn.ending.abort());
    if ((await this.#obstacle()) !== undefined) return turn.end(405);
    const response = await this.#send(turn, { method: 'GET' });
    if (isStream(response)) {
      mirror(turn, response);
      this.#hearers.listens(turn);
      await this.#follow(turn, response).catch(() => undefined);
      return turn.end();
    }
    response.destroy();
    // The server has nothing to say by itself; to a client with a session we may.
    if (response.statusCode === 405 && turn.headers['mcp-session-id'] !== undefined) this.#hearers.listens(turn);
    else turn.end(response.statusCode ?? 502);
  }

  /** The client gives its session back. */
  async leave(turn: Turn): Promise<void> {
    const response = (await this.#obstacle()) === undefined ? await this.#send(turn, { method: 'DELETE' }) : undefined;
    response?.destroy();
    this.close();
    turn.end(response?.statusCode ?? 405);
  }

  close(): void {
    this.#gateway.clientGone();
    this.#hearers.close();
  }

  #request(turn: Turn, frame: Frame): void {
    const own = JSON.stringify(randomUUID());
    this.#hearers.begins(own, turn);
    turn.onGone(() => this.#gone(own, turn, frame));
    this.#gateway.fromClient(withId(frame, own));
  }

  /** A notification, or what the client answers to its server. */
  #told(turn: Turn, frame: Frame): void {
    const cancelled = frame.method === 'notifications/cancelled' ? this.#hearers.named(cancelledId(frame)) : [];
    for (const [own, asked] of cancelled) {
      this.#gateway.fromClient(cancelLine(own));
      // The client waits for it no more.
      if (this.#hearers.forget(own)) asked.end();
    }
    if (cancelled.length === 0) this.#gateway.fromClient(frame.bytes);
    if (!turn.isSent) turn.end(202);
  }

  /** A call that its server has not heard of must never run then. Without sessions this is how a client cancels. */
  #gone(own: string, turn: Turn, frame: Frame): void {
    if (turn.isSent && statelessHeaders(frame) === undefined) return;
    turn.ending.abort();
    this.#causes.run({ turn }, () => this.#gateway.fromClient(cancelLine(own)));
    this.#hearers.forget(own);
  }

  /** In the course of the request that brought it: one message goes on for each. */
  #toServer(line: Buffer): void {
    const turn = this.#causes.getStore()?.turn;
    const read = readLine(line);
    if (turn?.frame === undefined || turn.isSent || turn.ending.signal.aborted || read.kind !== 'message') return;
    turn.isSent = true;
    const { frame } = turn;
    const own = isRequest(frame) ? idText(read.frame) : undefined;
    // What is no request went in as it came; a cancellation names the request by the id that its server knows.
    const body = own === undefined ? frame.bytes : withId(read.frame, idText(frame));
    void this.#exchange(turn, body, own).catch((error: unknown) => this.#failed(turn, own, error));
  }

  async #exchange(turn: Turn, body: Buffer, own: string | undefined): Promise<void> {
    const response = await this.#send(turn, { method: 'POST', body: body.subarray(0, -1) });
    const session = response.headers['mcp-session-id'];
    if (turn.frame?.method === 'initialize' && typeof session === 'string') this.#options.named(session);
    mirror(turn, response);
    if (own === undefined) return this.#acknowledged(turn, response);
    if (isStream(response)) await this.#follow(turn, response);
    else await this.#one(turn, response);
    if (!this.#hearers.waits(own) || turn.isAnswered) return;
    if (!turn.canGoOn) throw new Error('it ended its answer before it was complete');
    // Where the client asks for it with the last id that it got.
    turn.end();
  }

  async #follow(turn: Turn, response: IncomingMessage): Promise<void> {
    turn.stream();
    const { clean } = await this.#server();
    for await (const { line, ...at } of events(response)) {
      turn.canGoOn ||= at.id !== undefined;
      await turn.drained();
      if (line !== undefined) this.#heard({ turn, ...at }, clean(line));
      else if (at.id !== undefined || at.retry !== undefined) turn.say(at);
    }
  }

  /** An answer that is one message, or a refusal in HTTP's words. */
  async #one(turn: Turn, response: IncomingMessage): Promise<void> {
    const { statusCode = 502 } = response;
    const isJson = /^application\/([\w.-]+\+)?json\b/i.test(response.headers['content-type'] ?? '');
    const line = isJson ? (await this.#server()).clean(await bodyLine(response)) : undefined;
    if (line === undefined) response.resume();
    const read = line && readLine(line);
    if (line !== undefined && read?.kind === 'message' && read.frame.id === turn.frame?.id) return this.#heard({ turn }, line);
    if (statusCode === 401 || statusCode === 403) {
      turn.status = 200;
      throw new Error(await (await this.#server()).refusal(response));
    }
    if (isGood(response)) throw new Error('it said nothing to it');
    // Its own words, to a client that knows what they mean: that its session has ended, for one.
    if (line !== undefined && read?.kind === 'message') turn.whole(line);
    throw new Error(`it answers ${statusCode}`);
  }

  async #acknowledged(turn: Turn, response: IncomingMessage): Promise<void> {
    const { statusCode = 502 } = response;
    const line = statusCode < 300 ? undefined : await bodyLine(response).catch(() => undefined);
    response.resume();
    if (line !== undefined && readLine(line).kind === 'message') turn.whole((await this.#server()).clean(line));
    else turn.end(statusCode);
  }

  /** What the server said, under the id that the gateway knows. */
  #heard(cause: Cause, line: Buffer): void {
    this.#causes.run(cause, () => {
      const read = readLine(line);
      const frame = read.kind === 'message' && read.frame.method === undefined ? read.frame : undefined;
      const [own, turn] = this.#hearers.named(frame?.id, cause.turn)[0] ?? [];
      if (frame === undefined || own === undefined || turn === undefined) return void this.#gateway.fromServer(line);
      turn.isAnswered = true;
      this.#gateway.fromServer(withId(frame, own));
    });
  }

  #failed(turn: Turn, own: string | undefined, error: unknown): void {
    if (own === undefined) return turn.end(502);
    const why = error instanceof Error ? error.message : String(error);
    const line = errorLine(own, unreached, `The server could not be reached, or did not answer: ${why}.`);
    this.#causes.run({ turn }, () => this.#gateway.fromServer(line));
  }

  /** Why the server is not asked; `undefined`: it is. */
  async #obstacle(): Promise<string | undefined> {
    try {
      await this.#server();
      return undefined;
    } catch (error) {
      return `Countersign does not let this server be used. ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Asked about again where it was refused: a person may have approved it meanwhile. */
  #server(): Promise<Upstream> {
    this.#upstream ??= this.#options.open().catch((error: unknown) => {
      this.#upstream = undefined;
      throw error;
    });
    return this.#upstream;
  }

  async #send(turn: Turn, wanted: { readonly method: 'POST' | 'GET' | 'DELETE'; readonly body?: Buffer }): Promise<IncomingMessage> {
    return (await this.#server()).send({ ...wanted, signal: turn.ending.signal }, turn.headers);
  }
}

/** A server that went by its headers would do another call than the one that is judged. */
function disagrees(frame: Frame, { headers }: Turn): boolean {
  if (frame.method === undefined || !governedMethods.has(frame.method)) return false;
  const said = statelessHeaders(frame) ?? {};
  return ['mcp-method', 'mcp-name'].some((name) => headers[name] !== undefined && headers[name] !== said[name]);
}

/** What the client has to know of the server's own response. */
function mirror(turn: Turn, { statusCode = 502, headers }: IncomingMessage): void {
  const names = ['mcp-session-id', 'mcp-protocol-version', 'retry-after'];
  turn.status = statusCode;
  turn.extra = Object.fromEntries(names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
}
