import type { Frame } from './frame.ts';
import { readObject, textOf, type Span } from './json-bytes.ts';

/** What the gateway itself has to know of a call's result. */
interface Result {
  readonly failed: boolean;
  readonly needsMore: boolean;
  readonly state: string | undefined;
  /** The server goes on with it by itself, as both eras have it: under that id, or '' where it names none. */
  readonly task: string | undefined;
}

/** `undefined`: it is no JSON. */
export function resultIn(frame: Frame): Result | undefined {
  try {
    return resultOf(frame);
  } catch {
    return undefined;
  }
}

/** How a task has ended, by what its server answers to `method` about it; `undefined`: it has not, or nobody can tell. */
export function endOf(bytes: Buffer, place: Span, method: string): 'ran' | 'failed' | undefined {
  try {
    const state = membersAt(bytes, place);
    if (state === undefined || method === 'tasks/update') return undefined;
    if (method === 'tasks/cancel') return 'failed';
    if (method === 'tasks/result') return isFailed(bytes, state) ? 'failed' : 'ran';
    const status = textAt(bytes, state.get('status'));
    if (status === 'failed' || status === 'cancelled') return 'failed';
    if (status !== 'completed') return undefined;
    const result = membersAt(bytes, state.get('result'));
    return result !== undefined && isFailed(bytes, result) ? 'failed' : 'ran';
  } catch {
    return undefined;
  }
}

function resultOf({ bytes, members }: Frame): Result {
  const inner = membersAt(bytes, members.get('result'));
  if (inner === undefined) return { failed: true, needsMore: false, state: undefined, task: undefined };
  const type = textAt(bytes, inner.get('resultType'));
  const seed = type === 'task' ? inner : membersAt(bytes, inner.get('task'));
  return {
    failed: isFailed(bytes, inner),
    needsMore: type === 'input_required',
    state: textAt(bytes, inner.get('requestState')),
    task: seed === undefined ? undefined : (textAt(bytes, seed.get('taskId')) ?? ''),
  };
}

function isFailed(bytes: Buffer, result: ReadonlyMap<string, Span>): boolean {
  const span = result.get('isError');
  return span !== undefined && bytes.toString('utf8', span.start, span.end) === 'true';
}

/** `undefined`: no object stands there. */
function membersAt(bytes: Buffer, place: Span | undefined): ReadonlyMap<string, Span> | undefined {
  return place === undefined || bytes[place.start] !== 0x7b ? undefined : readObject(bytes, place.start).members;
}

/** `undefined`: no text stands there. */
function textAt(bytes: Buffer, place: Span | undefined): string | undefined {
  return place === undefined || bytes[place.start] !== 0x22 ? undefined : textOf(bytes, place);
}
