import { randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { nonceOf, timeStampRequest, tokenIn } from '../engine/audit/timestamp/request.ts';
import { readTimeStamp, type TimeStamp } from '../engine/audit/timestamp/token.ts';
import type { Anchor } from './audit-anchor.ts';

export interface TimeStampPlace {
  readonly url: string;
  /** Certificates (PEM) of the authorities that are trusted. */
  readonly ca?: string;
  readonly everyMinutes?: number;
}

const patienceMs = 5000;
const longestAnswer = 1_000_000;

/** Has each checkpoint stamped by an authority (RFC 3161), and keeps what it answered in `file`, one line each. */
export function timeStampAnchor({ url, ca, everyMinutes = 0 }: TimeStampPlace, file: string): Anchor {
  const publish = async (note: string): Promise<void> => {
    const trusted = ca === undefined ? undefined : certificatesIn(ca);
    const nonce = randomBytes(8);
    const token = tokenIn(await ask(url, timeStampRequest(note, nonce)));
    // What would not hold later is no time stamp now.
    const stamp = readTimeStamp(token, note, trusted);
    if (stamp.nonce?.equals(nonceOf(nonce)) !== true) throw new Error('it sent an answer to another question');
    const line = JSON.stringify({ note, token: token.toString('base64'), url });
    await appendFile(file, `${line}\n`, { mode: 0o600, flush: true });
  };
  return { name: `rfc3161:${url}`, publish, everyMs: everyMinutes * 60_000 };
}

export interface StampedNotes {
  /** The checkpoints, one after the other. */
  readonly text: string;
  readonly stamps: readonly TimeStamp[];
}

const stampLine = z.looseObject({ note: z.string(), token: z.string() });

/** What authorities have stamped: throws at the first that does not hold. `ca`: a file of certificates, to one of which each has to lead. */
export function readTimeStamps(file: string, ca?: string): StampedNotes {
  const trusted = ca === undefined ? undefined : certificatesIn(ca);
  const lines = linesOf(file);
  const notes: string[] = [];
  const stamps = lines.map((line, i) => {
    try {
      const { note, token } = z.parse(stampLine, JSON.parse(line));
      notes.push(note);
      return readTimeStamp(Buffer.from(token, 'base64'), note, trusted);
    } catch (cause) {
      throw new BadTimeStamp(file, i + 1, cause);
    }
  });
  return { text: notes.join('\n'), stamps };
}

/** A time stamp that proves nothing, or not what it is kept for. */
export class BadTimeStamp extends Error {
  constructor(file: string, line: number, cause: unknown) {
    super(`the time stamp in line ${line} of ${file} does not hold: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The last line may have been cut off by a power failure: what was not written to its end counts as not written. */
function linesOf(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  if (lines.length === 0) throw new Error(`${file} holds no time stamp.`);
  return lines;
}

function certificatesIn(file: string): readonly X509Certificate[] {
  const found = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error(`${file} holds no certificate (PEM).`);
  return found.map((pem) => new X509Certificate(pem));
}

async function ask(url: string, question: Buffer): Promise<Buffer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(question),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  if (!response.ok || response.body === null) throw new Error(`it answered ${response.status}`);
  let answer = Buffer.alloc(0);
  for await (const chunk of response.body) {
    answer = Buffer.concat([answer, chunk]);
    if (answer.length > longestAnswer) throw new Error('its answer is too long');
  }
  return answer;
}

/** `fetch` says only "fetch failed"; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(Reflect.get(error.cause, 'code')) : error.message;
}
