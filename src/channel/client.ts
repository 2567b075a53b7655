import { connect as connectTo, type Socket } from 'node:net';
import * as z from 'zod/mini';
import { LineReader } from './lines.ts';
import type { Hello, Method, Methods, Push, Snapshot, Status } from './messages.ts';

/** The governor's "no" to a call; `code` is for programs (`not-found`, `already-answered` …). */
export class CallFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Nobody listens there, or whoever does said nothing in time. */
export class NoGovernor extends Error {
  readonly why: 'absent' | 'silent' | 'refused';

  constructor(why: NoGovernor['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

const incoming = z.union([
  z.object({ id: z.number(), error: z.object({ code: z.string(), message: z.string() }) }),
  // Both ends are the same program, and the other one sits on a socket that only our user can reach: what it says is
  // what it promises to say, so results and pushes are not taken apart again.
  z.object({ id: z.number(), result: z.custom<never>() }),
  z.custom<Push>((value) => typeof value === 'object' && value !== null && 'push' in value),
]);

/** A client's end of the line to the governor. */
export class Client {
  readonly #socket: Socket;
  readonly #lines = new LineReader();
  readonly #pending = new Map<number, Pending>();
  #onPush: (push: Push) => void = () => undefined;
  #lastId = 0;
  /** Resolves when the line is closed, by whomever. */
  readonly closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => socket.destroy());
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        for (const { reject } of this.#pending.values()) reject(new NoGovernor('absent', 'The governor closed the line'));
        this.#pending.clear();
        resolve();
      });
    });
  }

  /** Rejects with `CallFailed` when the governor says no, with `NoGovernor` when the line breaks. */
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    if (this.#socket.destroyed) return Promise.reject(new NoGovernor('absent', 'The line to the governor is closed'));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  /** The state of everything; every change since then goes to `onPush`, never before whoever awaits this has the state. */
  async subscribe(onPush: (push: Push) => void): Promise<Snapshot> {
    // Changes may come in the same chunk as the state, or before it: told at once, they would be lost on a caller that has no state yet.
    const early: Push[] = [];
    this.#onPush = (push) => void early.push(push);
    const snapshot = await this.call('subscribe', {});
    setImmediate(() => {
      this.#onPush = onPush;
      early.forEach(onPush);
    });
    return snapshot;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    try {
      for (const line of this.#lines.push(bytes)) this.#take(line);
    } catch {
      this.#socket.destroy();
    }
  }

  #take(line: string): void {
    const message = z.parse(incoming, JSON.parse(line));
    if ('push' in message) {
      this.#onPush(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(new CallFailed(message.error.code, message.error.message));
    else pending?.resolve(message.result);
  }
}

/** Connects and says hello. Rejects with `NoGovernor` when nobody answers within `timeoutMs`. */
export async function openClient(
  path: string,
  hello: Hello,
  timeoutMs: number,
): Promise<{ readonly client: Client; readonly status: Status }> {
  const socket = connectTo(path);
  const client = new Client(socket);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoGovernor('silent', `The governor did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([connected(socket), silence]);
    return { client, status: await Promise.race([client.call('hello', hello), silence]) };
  } catch (error) {
    client.close();
    if (error instanceof CallFailed) throw new NoGovernor('refused', `The governor refused us: ${error.message}`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) => reject(new NoGovernor('absent', `No governor listens (${cause.message})`, { cause })));
  });
}
