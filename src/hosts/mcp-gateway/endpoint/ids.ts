import * as z from 'zod/mini';
import { valueAt, type Frame } from '../frame.ts';

const cancelling = z.object({ requestId: z.union([z.string(), z.number()]) });

/** The same message under another id, which is given as it is written. */
export function withId({ bytes, members }: Frame, id: string): Buffer {
  const place = members.get('id');
  if (place === undefined) return bytes;
  return Buffer.concat([bytes.subarray(0, place.start), Buffer.from(id), bytes.subarray(place.end)]);
}

export function cancelLine(id: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}\n`);
}

/** Which request is to be cancelled, in the way that frames are told apart. */
export function cancelledId(frame: Frame): string | undefined {
  const place = frame.members.get('params');
  const read = place && z.safeParse(cancelling, valueAt(frame, place));
  if (read?.success !== true) return undefined;
  const { requestId } = read.data;
  return typeof requestId === 'string' ? `text ${requestId}` : `number ${requestId}`;
}
