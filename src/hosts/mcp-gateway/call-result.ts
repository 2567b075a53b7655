import { isObject, type JsonValue } from '../../engine/json.ts';
import type { Frame } from './frame.ts';
import { readObject } from './json-bytes.ts';

/** What the gateway itself has to know of a call's result. */
interface Result {
  readonly failed: boolean;
  readonly needsMore: boolean;
  readonly state: string | undefined;
}

/** The server promises the result for later, as both eras have it, though it was not asked to. */
export function isTask(output: JsonValue): boolean {
  return isObject(output) && (output['resultType'] === 'task' || isObject(output['task'] ?? null));
}

/** `undefined`: it is no JSON. */
export function resultIn(frame: Frame): Result | undefined {
  try {
    return resultOf(frame);
  } catch {
    return undefined;
  }
}

function resultOf({ bytes, members }: Frame): Result {
  const result = members.get('result');
  if (result === undefined || bytes[result.start] !== 0x7b) return { failed: true, needsMore: false, state: undefined };
  const inner = readObject(bytes, result.start).members;
  const textAt = (name: string): string => {
    const span = inner.get(name);
    return span === undefined ? '' : bytes.toString('utf8', span.start, span.end);
  };
  const state = textAt('requestState');
  return {
    failed: textAt('isError') === 'true',
    needsMore: textAt('resultType') === '"input_required"',
    state: state.startsWith('"') ? String(JSON.parse(state)) : undefined,
  };
}
