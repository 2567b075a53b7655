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

/** The texts that come, once the other side has agreed to speak in frames (`opened`). Ends with its goodbye; throws on what is none of that. */
export async function* textsIn(pieces: AsyncIterable<Buffer>, opened: () => void): AsyncGenerator<string> {
  let bytes = Buffer.alloc(0);
  let isOpen = false;
  for await (const piece of pieces) {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length > mostBytes) throw new Error('it says too much');
    const head = isOpen ? undefined : /^[^]*?\r\n\r\n/.exec(bytes.toString('latin1'))?.[0];
    if (head !== undefined) {
      if (!head.startsWith('HTTP/1.1 101')) throw new Error(`it answered ${head.slice(0, 40)}`);
      bytes = bytes.subarray(head.length);
      isOpen = true;
      opened();
    }
    for (let frame = isOpen && firstFrame(bytes); frame; frame = firstFrame(bytes)) {
      const [code = 0] = bytes;
      // A goodbye, or a text in parts, which no answer of ours needs. Pings: whoever asks for so short a time owes no sign of life.
      if (code < 0x81 || code === 0x88) return;
      if (code === 0x81) yield bytes.toString('utf8', frame.begin, frame.end);
      bytes = bytes.subarray(frame.end);
    }
  }
}

/** `undefined` where it has not come whole: one that is longer than we read never does. */
function firstFrame(bytes: Buffer): { readonly begin: number; readonly end: number } | undefined {
  const short = (bytes[1] ?? 0) & 127;
  const begin = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < begin) return undefined;
  const end = begin + (short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
  return bytes.length < end ? undefined : { begin, end };
}
