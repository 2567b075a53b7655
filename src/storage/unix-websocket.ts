import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface UnixWebSocket extends Disposable {
  readonly send: (text: string) => void;
}

export interface WebSocketListener {
  readonly message: (text: string) => void;
  /** Nothing more comes. Called once, also where nobody was there to begin with. */
  readonly closed: (why: Error) => void;
}

/** Nobody says as much who is asked as little as we ask. */
const mostBytes = 16 * 1024 * 1024;

/** The client's side of RFC 6455, over a socket of this machine: text only, no extensions, and no more than our questions need. */
export function openUnixWebSocket(path: string, listener: WebSocketListener): UnixWebSocket {
  const socket = connect(path);
  const reader = new FrameReader();
  const waiting: string[] = [];
  let state: 'opening' | 'open' | 'closed' = 'opening';

  function close(why: Error): void {
    socket.destroy();
    if (state !== 'closed') {
      state = 'closed';
      listener.closed(why);
    }
  }
  function hear(bytes: Buffer): void {
    reader.add(bytes);
    if (state === 'opening' && reader.opened()) {
      state = 'open';
      waiting.splice(0).forEach((text) => socket.write(textFrame(text)));
    }
    if (state === 'open') for (const text of reader.texts()) listener.message(text);
  }

  socket.on('connect', () => socket.write(handshake()));
  socket.on('data', (bytes: Buffer) => attempt(() => hear(bytes), close));
  socket.on('error', close);
  socket.on('close', () => close(new Error('it closed the connection')));
  return {
    send: (text) => (state === 'opening' ? void waiting.push(text) : write(socket, text)),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

function attempt(run: () => void, failed: (why: Error) => void): void {
  try {
    run();
  } catch (error) {
    failed(error instanceof Error ? error : new Error(String(error)));
  }
}

function write(socket: Socket, text: string): void {
  if (socket.writable) socket.write(textFrame(text));
}

function handshake(): string {
  const key = randomBytes(16).toString('base64');
  const lines = ['Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13'];
  return `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** A client masks what it sends, whoever listens. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const { length } = payload;
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 255];
  if (length > 0xffff) throw new Error('A question is never that long.');
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** What came, put together again: a frame may come in pieces, and a message in several frames. */
class FrameReader {
  #bytes = Buffer.alloc(0);
  #message: Buffer[] = [];

  add(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#bytes.length > mostBytes) throw new Error('it says too much');
  }

  /** Whether the other side has agreed to speak in frames. */
  opened(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [status = ''] = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
    if (!status.startsWith('HTTP/1.1 101 ')) throw new Error(`it answered "${status.slice(0, 100)}"`);
    this.#bytes = this.#bytes.subarray(end + 4);
    return true;
  }

  *texts(): Generator<string> {
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) {
      if (frame.code === 8) throw new Error('it closed the connection');
      // Pings and pongs: whoever asks for so short a time owes no sign of life.
      if (frame.code > 8) continue;
      this.#message.push(frame.payload);
      if (!frame.isLast) continue;
      yield Buffer.concat(this.#message.splice(0)).toString('utf8');
    }
  }

  #frame(): { readonly code: number; readonly isLast: boolean; readonly payload: Buffer } | undefined {
    const [first = 0, second = 0] = this.#bytes;
    const short = second & 127;
    const begin = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#bytes.length < begin) return undefined;
    const length = short < 126 ? short : short === 126 ? this.#bytes.readUInt16BE(2) : Number(this.#bytes.readBigUInt64BE(2));
    if (length > mostBytes) throw new Error('it says too much');
    if (this.#bytes.length < begin + length) return undefined;
    const payload = this.#bytes.subarray(begin, begin + length);
    this.#bytes = this.#bytes.subarray(begin + length);
    return { code: first & 15, isLast: (first & 128) !== 0, payload };
  }
}
