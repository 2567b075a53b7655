import type { Connection } from './connection.ts';

/**
 * Calls `listener` when what sessions spent has changed or the governor was reached anew, at most once in `ms`; the last change is
 * never lost.
 */
export function onSpend(connection: Connection, listener: () => void, ms = 1_000): { readonly dispose: () => void } {
  let last = spentBy(connection);
  let timer: NodeJS.Timeout | undefined;
  let isOwed = false;
  const tell = (): void => {
    if (timer !== undefined) {
      isOwed = true;
      return;
    }
    listener();
    timer = setTimeout(() => {
      timer = undefined;
      if (isOwed) tell();
    }, ms).unref();
    isOwed = false;
  };
  const look = (): void => {
    const now = spentBy(connection);
    if (now !== last) tell();
    last = now;
  };
  connection.events.on('change', look);
  connection.events.on('reset', tell);
  return {
    dispose: () => {
      clearTimeout(timer);
      connection.events.off('change', look);
      connection.events.off('reset', tell);
    },
  };
}

function spentBy({ snapshot }: Connection): string {
  return JSON.stringify(snapshot?.sessions.map(({ id, spend }) => [id, spend]));
}
