import { randomUUID } from 'node:crypto';
import type { EntryRow, EntrySearch } from '../../../engine/audit/search.ts';
import type { Connection } from '../connection.ts';

type Asked = Pick<Connection, 'call' | 'events'>;

const patienceMs = 2_000;

/** The newest decisions that a search finds, as far as they are found while somebody waits. */
export async function recentCalls(connection: Asked, search: EntrySearch, most: number): Promise<readonly EntryRow[]> {
  const id = `try-${randomUUID()}`;
  try {
    const found = await enough(connection, { id, search: { ...search, kinds: ['decision'] } }, most);
    return found === 0 ? [] : await connection.call('rows', { id, from: 0, limit: Math.min(most, found) });
  } finally {
    // Where the line is gone, so is the search.
    connection.call('closeSearch', { id }).catch(() => undefined);
  }
}

/** How many are found when it is known that there are no more, there are enough, or patience ends. */
async function enough(connection: Asked, wanted: { readonly id: string; readonly search: EntrySearch }, most: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let found = 0;
  const hear = (state: { readonly id: string; readonly older: number; readonly isComplete: boolean }): void => {
    if (state.id !== wanted.id) return;
    found = state.older;
    if (state.isComplete || found >= most) resolve();
  };
  const patience = setTimeout(resolve, patienceMs);
  connection.events.on('search', hear);
  try {
    hear(await connection.call('search', wanted));
    await promise;
    return found;
  } finally {
    clearTimeout(patience);
    connection.events.off('search', hear);
  }
}
