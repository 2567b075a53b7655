import { parentPort, workerData } from 'node:worker_threads';
import { type Desk, SearchDesk } from './search-desk.ts';
import type { SearchAsked, SearchMethod, SearchMethods, SearchPlace, SearchTold } from './search-messages.ts';

/** The thread that looks through the log, so that no search ever delays a decision. */
const place: SearchPlace = workerData;
const desk: Desk = new SearchDesk(place, (key, progress) => tell({ key, progress }));

parentPort?.on('message', (asked: SearchAsked) => void answer(asked));

async function answer({ id, method, params }: SearchAsked): Promise<void> {
  try {
    tell({ id, result: await call(method, params) });
  } catch (error) {
    tell({ id, error: faultOf(error) });
  }
  if (method === 'end') parentPort?.close();
}

async function call<M extends SearchMethod>(method: M, params: SearchMethods[M]['params']): Promise<SearchMethods[M]['result']> {
  return desk[method](params);
}

function tell(told: SearchTold): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's, not a browser window's
  parentPort?.postMessage(told);
}

function faultOf(error: unknown): { readonly message: string; readonly code?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { message: error.message, ...(code === undefined ? {} : { code }) };
}
