import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Method, Methods } from '../../../../src/channel/messages.ts';
import type { EntryRow } from '../../../../src/engine/audit/search.ts';
import { recentCalls } from '../../../../src/hosts/extension/try/recent-calls.ts';

type Calls = readonly { readonly method: Method; readonly params: unknown }[];
type State = Methods['search']['result'];

const rows: readonly EntryRow[] = [3, 2, 1].map((seq) => ({ seq, time: seq, kind: 'decision', summary: `call ${seq}` }));

/** Answers a search with the first state, and tells the others as the governor does. */
function governor(...states: readonly Partial<State>[]) {
  const calls: { method: Method; params: unknown }[] = [];
  const events = new EventEmitter();
  const stateOf = (id: string, given: Partial<State> = {}): State => ({ id, older: 0, newer: 0, isComplete: false, progress: 0, ...given });
  const answer = (method: Method, { id, limit }: { readonly id: string; readonly limit?: number }): unknown => {
    if (method !== 'search') return method === 'rows' ? rows.slice(0, limit) : {};
    for (const state of states.slice(1)) queueMicrotask(() => queueMicrotask(() => events.emit('search', stateOf(id, state))));
    return stateOf(id, states[0]);
  };
  const call = async (method: Method, params: { readonly id: string }): Promise<unknown> => {
    calls.push({ method, params });
    return answer(method, params);
  };
  return { connection: { call, events } as unknown as Parameters<typeof recentCalls>[0], calls: calls as Calls, events };
}

test.each<[string, readonly Partial<State>[], number, readonly number[]]>([
  ['all that a finished search has', [{ older: 3, isComplete: true }], 10, [3, 2, 1]],
  ['no more than wanted, without waiting for the end', [{ older: 3 }], 2, [3, 2]],
  ['what is found later', [{}, { older: 1 }, { older: 3, isComplete: true }], 10, [3, 2, 1]],
  ['nothing, where nothing is', [{ isComplete: true }], 10, []],
])('%s', async (_, states, most, expected) => {
  const { connection, calls, events } = governor(...states);
  expect((await recentCalls(connection, { rules: ['a/b'] }, most)).map(({ seq }) => seq)).toEqual(expected);
  expect(calls[0]).toMatchObject({ method: 'search', params: { search: { rules: ['a/b'], kinds: ['decision'] } } });
  expect([calls.at(-1)?.method, events.listenerCount('search')]).toEqual(['closeSearch', 0]);
});

test('other searches of the window are not taken for it', async () => {
  const { connection, calls, events } = governor({});
  const found = recentCalls(connection, {}, 10);
  const state = { older: 9, newer: 0, isComplete: true, progress: 1 };
  events.emit('search', { ...state, id: 'activity-1' });
  // Whatever follows from it has happened with the next turn.
  await new Promise(setImmediate);
  expect(calls.map(({ method }) => method)).toEqual(['search']);
  const [{ params } = { params: {} }] = calls;
  events.emit('search', { ...state, ...(params as { readonly id: string }), older: 2 });
  expect((await found).length).toBe(2);
});
