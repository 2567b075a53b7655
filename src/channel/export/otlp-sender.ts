import * as z from 'zod/mini';
import { otlpRecord, otlpRequest } from '../../engine/audit/export/otlp.ts';
import { patienceMs, type Sender, TryLater } from './sender.ts';

/** Posts entries to a collector as OTLP/HTTP with JSON. */
export function otlpSender(url: string, headers: Readonly<Record<string, string>>): Sender {
  return {
    encode: otlpRecord,
    settlesMs: 0,
    send: async (origin, encoded, signal) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: otlpRequest(origin, encoded),
        // What is meant for one place is not to be sent to another one, with its credentials.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      }).catch((error: unknown) => {
        throw new Error(reasonOf(error), { cause: error });
      });
      const body = await response.text();
      if (!response.ok) throw refusal(response);
      const rejected = rejectedOf(body);
      if (rejected !== undefined) throw new Error(rejected);
    },
  };
}

/** `fetch` says only "fetch failed"; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(Reflect.get(error.cause, 'code')) : error.message;
}

function refusal(response: Response): Error {
  const message = `it answered ${response.status}`;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? new TryLater(message, seconds * 1000) : new Error(message);
}

const partialSchema = z.looseObject({
  partialSuccess: z.exactOptional(
    z.looseObject({ rejectedLogRecords: z.exactOptional(z.union([z.string(), z.number()])), errorMessage: z.exactOptional(z.string()) }),
  ),
});

/** A collector can take a request and throw parts of it away. To a log that is to be complete, that is a refusal. */
function rejectedOf(body: string): string | undefined {
  const result = z.safeParse(partialSchema, jsonOf(body));
  const { rejectedLogRecords = 0, errorMessage = '' } = (result.success ? result.data.partialSuccess : undefined) ?? {};
  return Number(rejectedLogRecords) > 0 ? `it rejected ${rejectedLogRecords} entries: ${errorMessage.slice(0, 200)}` : undefined;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A collector that says nothing, or something else than JSON, with a good status has taken it.
    return {};
  }
}
