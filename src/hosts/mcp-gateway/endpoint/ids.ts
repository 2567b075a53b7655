import type { Frame } from '../frame.ts';

/** The same message under another id, which is given as it is written. */
export function withId({ bytes, members }: Frame, id: string): Buffer {
  const place = members.get('id');
  if (place === undefined) return bytes;
  return Buffer.concat([bytes.subarray(0, place.start), Buffer.from(id), bytes.subarray(place.end)]);
}

export function cancelLine(id: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}\n`);
}
