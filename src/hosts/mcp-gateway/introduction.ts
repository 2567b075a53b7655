import { isObject, type JsonValue } from '../../engine/json.ts';
import { withValue, type Frame } from './frame.ts';
import { readObject } from './json-bytes.ts';

/** What a server says of itself before anything is asked: the answer to `initialize`, or to `server/discover`. */
export interface Introduction {
  /** Text that clients put before their model. */
  readonly instructions?: JsonValue;
}

export function introductionIn({ bytes, members }: Frame): Introduction {
  const place = instructionsPlace({ bytes, members });
  if (place === undefined) return {};
  const instructions: JsonValue = JSON.parse(bytes.toString('utf8', place.start, place.end));
  return instructions === '' ? {} : { instructions };
}

/** Without its instructions; all other bytes are as they came. */
export function withoutInstructions(frame: Frame): Buffer {
  const place = instructionsPlace(frame);
  return place === undefined ? frame.bytes : withValue(frame, place, '');
}

const lists = ['tools', 'prompts', 'resources'] as const;

/**
 * The same with the promise that we can keep in the server's place: that the client hears of other lists. Clients listen for that only where
 * it was promised at the handshake.
 */
export function promisingChanges(bytes: Buffer): Buffer {
  const result = readObject(bytes, 0).members.get('result');
  const capabilities = result && bytes[result.start] === 0x7b ? readObject(bytes, result.start).members.get('capabilities') : undefined;
  if (capabilities === undefined || bytes[capabilities.start] !== 0x7b) return bytes;
  const places = readObject(bytes, capabilities.start).members;
  return lists
    .flatMap((name) => places.get(name) ?? [])
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => {
      const value: JsonValue = JSON.parse(text.toString('utf8', start, end));
      if (!isObject(value) || value['listChanged'] === true) return text;
      const promised = Buffer.from(JSON.stringify({ ...value, listChanged: true }));
      return Buffer.concat([text.subarray(0, start), promised, text.subarray(end)]);
    }, bytes);
}

function instructionsPlace({ bytes, members }: Pick<Frame, 'bytes' | 'members'>) {
  const result = members.get('result');
  return result === undefined || bytes[result.start] !== 0x7b ? undefined : readObject(bytes, result.start).members.get('instructions');
}
