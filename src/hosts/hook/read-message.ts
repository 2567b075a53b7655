import type { Readable } from 'node:stream';

export interface Limits {
  readonly bytes: number;
  readonly ms: number;
}

/** A message is written at once; the longest one seen was 24 MiB. */
export const limits: Limits = { bytes: 32 * 1024 * 1024, ms: 10_000 };

/** The one JSON document on that stream. Rejects, saying why, when it is too long, too late, cut short or not JSON. */
export async function readMessage(stream: Readable, { bytes, ms }: Limits = limits): Promise<unknown> {
  return parse(decode(await withDeadline(readAll(stream, bytes), ms)));
}

async function readAll(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > limit) throw new Error(`the hook message is longer than ${limit} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const deadline = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no whole hook message came on stdin within ${ms / 1000} s.`)), ms);
  });
  return Promise.race([work, deadline]);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('the hook message is not UTF-8.');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '')
    throw new Error('there was no hook message on stdin. An agent calls this program; try "countersign check" yourself.');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the hook message is not JSON, or was cut short.');
  }
}
