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
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^application\/([\w.-]+\+)?json$/.test(type)) throw new HttpFault(415, 'The body must be JSON');
  if (Number(request.headers['content-length'] ?? 0) > longestBody) throw new HttpFault(413, 'The body is too long');
  return parse(decode(await bytesOf(request)));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      const bytes: Buffer = chunk;
      length += bytes.length;
      if (length > longestBody) throw new HttpFault(413, 'The body is too long');
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    throw new HttpFault(400, 'The body did not arrive whole');
  }
  if (!request.complete) throw new HttpFault(400, 'The body did not arrive whole');
  return Buffer.concat(chunks);
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
