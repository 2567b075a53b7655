/**
 * The client's side of RFC 6455, as far as short questions to a server of this machine need it: whole texts, no extensions. Its key and
 * mask are there to keep proxies from being fooled, and here is none: both stay the same.
 */
export const handshake =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y291bnRlcnNpZ24gYXNrcw==\r\n\r\n';

/** Nothing that we send is longer than 64 KiB. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0xfe, length >> 8, length];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

/** Nobody says as much who is asked as little as we ask. */
const mostBytes = 4 * 1024 * 1024;

/** The answer to the handshake, then the texts that come. Ends with a goodbye; throws where too much comes. */
export async function* textsIn(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, undefined> {
  let bytes = Buffer.alloc(0);
  let next = headIn;
  for await (const piece of pieces) {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length > mostBytes) throw new Error('it says too much');
    for (let part = next(bytes); part; part = next(bytes)) {
      if (part.text === undefined) return;
      if (part.text) yield part.text;
      bytes = bytes.subarray(part.end);
      next = frameIn;
    }
  }
}

/** Without a text: a goodbye, or something that no answer to us needs, such as a text in parts. */
interface Part {
  readonly text: string | undefined;
  readonly end: number;
}

/** `undefined`, here and below, where it has not come whole. */
function headIn(bytes: Buffer): Part | undefined {
  const at = bytes.indexOf('\r\n\r\n');
  return at < 0 ? undefined : { text: bytes.toString('latin1', 0, at), end: at + 4 };
}

function frameIn(bytes: Buffer): Part | undefined {
  const [code = 0, short = 0] = bytes;
  const begin = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < begin) return undefined;
  const end = begin + (short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
  if (bytes.length < end) return undefined;
  // A ping: whoever asks for so short a time owes no sign of life.
  return { text: code === 0x89 ? '' : code === 0x81 ? bytes.toString('utf8', begin, end) : undefined, end };
}
