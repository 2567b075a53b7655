import type { IncomingMessage } from 'node:http';

/** A request that is answered with a status of its own. */
export class HttpFault extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const longestBody = 32 * 1024 * 1024;

/** The JSON in a request's body. Counts while it reads: a length that is only announced is not believed. */
export async function readJson(request: IncomingMessage, longest = longestBody): Promise<unknown> {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^application\/([\w.-]+\+)?json$/.test(type)) throw new HttpFault(415, 'The body must be JSON');
  if (Number(request.headers['content-length'] ?? 0) > longest) throw new HttpFault(413, 'The body is too long');
  return parse(decode(await bytesOf(request, longest)));
}

/** By events: iterating over a request costs each message several turns of the event loop. */
function bytesOf(request: IncomingMessage, longest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const broken = (): void => reject(new HttpFault(400, 'The body did not arrive whole'));
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > longest) reject(new HttpFault(413, 'The body is too long'));
      else chunks.push(chunk);
    });
    request.on('end', () => (request.complete ? resolve(Buffer.concat(chunks)) : broken()));
    request.on('error', broken);
    request.on('close', broken);
  });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpFault(400, 'The body is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpFault(400, 'The body is not JSON');
  }
}
