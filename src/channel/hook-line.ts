import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { HookReply } from './messages.ts';
import { isToken } from './token.ts';

/** A hook's question as the launcher asks it. */
export interface LineCall {
  readonly agent: string;
  readonly event: string;
  /** What started the shell that the hook runs in. */
  readonly parent: number;
  readonly pidSpace?: string;
  readonly message: unknown;
}

export interface HookLineOptions {
  /** `signal` is aborted when the hook has gone. */
  readonly hook: (call: LineCall, signal: AbortSignal) => Promise<HookReply>;
  readonly onFault: (error: unknown) => void;
  readonly heartbeatMs?: number;
}

export interface HookLine {
  /** What the launcher has to know: the form of the talk, where, what it says, and what it must hear before it says more. */
  readonly told: string;
  readonly close: () => Promise<void>;
}

/** As the command hook reads it. */
const longestMessage = 32 * 1024 * 1024;
const longestLine = 600;
/** For the message to arrive; the launcher itself waits 10 s for it. */
const arriveMs = 15_000;
/** The launcher takes 8 s of silence for a governor that hangs. */
const heartbeatMs = 2_500;

/**
 * Where launchers ask: on 127.0.0.1, because a shell that comes with every system can open such a connection by itself, and no Node has to
 * be started for a call. One question each, in lines: `TOKEN AGENT EVENT PARENT PIDSPACE`, answered with our own token; then the message's
 * length in bytes, and the message. The answer is `EXITCODE STDOUT-BYTES STDERR-BYTES`, and these bytes; a `.` says that it still takes time.
 * Whatever is not so is hung up on: the launcher then goes the long way.
 *
 * Both tokens are new with each governor, which holds the port for as long as it lives: what a stranger hears on the port of one that died
 * is of no use with the next, and only the living one knows what the launcher has to hear.
 */
export async function startHookLine({ hook, onFault, heartbeatMs: beat = heartbeatMs }: HookLineOptions): Promise<HookLine> {
  const question = token();
  const answer = token();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    talk(socket, { question, answer, hook, beat }).catch((error: unknown) => {
      socket.destroy();
      if (!(error instanceof HungUp)) onFault(error);
    });
  });
  server.on('error', onFault);
  const port = await listen(server);
  return {
    told: ['countersign-hook-line-1', port, question, answer, ''].join('\n'),
    close: () => close(server, open),
  };
}

interface Talk {
  readonly question: string;
  readonly answer: string;
  readonly hook: HookLineOptions['hook'];
  readonly beat: number;
}

/** The other side is gone, or nobody we talk to. */
class HungUp extends Error {}

async function talk(socket: Socket, { question, answer, hook, beat }: Talk): Promise<void> {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  const impatience = setTimeout(() => socket.destroy(), arriveMs);
  const said = new Said(socket);
  const call = callOf(await said.line(), question);
  socket.write(`${answer}\n`);
  // Bash writes in pieces, and TCP keeps the next back until the last is acknowledged, which the system likes to put off: words take it along.
  said.onPart = () => socket.write('.\n');
  const message = parse(await said.bytes(lengthOf(await said.line())));
  clearTimeout(impatience);
  const pulse = setInterval(() => socket.write('.\n'), beat);
  try {
    const { stdout, stderr, exitCode } = await hook({ ...call, message }, gone.signal);
    socket.end(`${exitCode} ${Buffer.byteLength(stdout)} ${Buffer.byteLength(stderr)}\n${stdout}${stderr}`);
  } finally {
    clearInterval(pulse);
  }
}

function callOf(line: string, question: string): Omit<LineCall, 'message'> {
  const [given, agent = '', event = '', parent = '', pidSpace = ''] = line.split(' ');
  if (!isToken(given, question)) throw new HungUp();
  if (!/^[a-z0-9-]{1,40}$/.test(agent) || !/^\w{0,60}$/.test(event) || !/^[1-9]\d{0,9}$/.test(parent)) throw new HungUp();
  return { agent, event, parent: Number(parent), ...(pidSpace === '' ? {} : { pidSpace }) };
}

function lengthOf(line: string): number {
  const length = /^\d{1,8}$/.test(line) ? Number(line) : Number.NaN;
  if (!(length <= longestMessage)) throw new HungUp();
  return length;
}

/** What is no JSON, or no UTF-8, the launcher's long way says in words. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HungUp();
  }
}

interface Waiting {
  /** Whether it has what it waits for. */
  readonly take: () => boolean;
  readonly fail: (error: Error) => void;
}

/** What comes in, taken in pieces. */
class Said {
  readonly #socket: Socket;
  /** Called whenever what came so far is not all that is waited for. */
  onPart: (() => void) | undefined;
  #waiting: Waiting | undefined;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part: Buffer) => this.#heard(part));
    socket.on('close', () => this.#waiting?.fail(new HungUp()));
  }

  async line(): Promise<string> {
    const at = await this.#until(() => {
      const end = this.#whole().indexOf(0x0a);
      if (end === -1 && this.#length > longestLine) throw new HungUp();
      return end === -1 ? undefined : end;
    });
    return this.#cut(at, at + 1).toString('latin1');
  }

  async bytes(count: number): Promise<Buffer> {
    await this.#until(() => (this.#length >= count ? count : undefined));
    return this.#cut(count, count);
  }

  #heard(part: Buffer): void {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > longestMessage + 2 * longestLine) this.#socket.destroy();
    else if (this.#waiting?.take() === true) this.#waiting = undefined;
    else this.onPart?.();
  }

  #until(seek: () => number | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const take = (): boolean => {
        try {
          const found = seek();
          if (found !== undefined) resolve(found);
          return found !== undefined;
        } catch (error) {
          reject(error instanceof Error ? error : new HungUp());
          return true;
        }
      };
      if (this.#socket.destroyed) reject(new HungUp());
      else if (!take()) this.#wait({ take, fail: reject });
    });
  }

  #wait(waiting: Waiting): void {
    this.#waiting = waiting;
    this.onPart?.();
  }

  #whole(): Buffer {
    const whole = this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#parts);
    this.#parts = [whole];
    return whole;
  }

  #cut(end: number, from: number): Buffer {
    const whole = this.#whole();
    this.#parts = [whole.subarray(from)];
    this.#length = whole.length - from;
    return whole.subarray(0, end);
  }
}

function token(): string {
  return randomBytes(32).toString('hex');
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      resolve(portOf(server.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('The line for hooks has no port');
  return address.port;
}

function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}
