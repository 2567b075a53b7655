import * as z from 'zod/mini';
import { valueAt, type Frame } from './frame.ts';
import { readClient, type Client } from './governed-call.ts';

const cancelling = z.object({ requestId: z.union([z.string(), z.number()]) });
const initializing = z.object({ clientInfo: z.optional(z.unknown()) });
const initialized = z.object({ protocolVersion: z.string() });

/** Which request is to be cancelled, in the way that frames are told apart. */
export function cancelledId(frame: Frame): string | undefined {
  const { requestId } = read(frame, 'params', cancelling) ?? {};
  if (requestId === undefined) return undefined;
  return typeof requestId === 'string' ? `text ${requestId}` : `number ${requestId}`;
}

/** What a client says of itself in its handshake. */
export function introducedClient(frame: Frame): Client | undefined {
  return readClient(read(frame, 'params', initializing)?.clientInfo);
}

/** The revision of the protocol that a handshake ended with. */
export function revisionIn(frame: Frame): string | undefined {
  return read(frame, 'result', initialized)?.protocolVersion;
}

function read<T>(frame: Frame, member: string, schema: z.ZodMiniType<T>): T | undefined {
  const place = frame.members.get(member);
  const result = place && z.safeParse(schema, valueAt(frame, place));
  return result?.success === true ? result.data : undefined;
}
