import { Worker } from 'node:worker_threads';
import type { SearchProgress } from '../../storage/audit-search.ts';
import type { SearchAdvanced, SearchFailed, SearchMethod, SearchMethods, SearchPlace } from './search-messages.ts';

interface ThreadEvents {
  readonly progress: (key: number, progress: SearchProgress) => void;
  /** It is gone; whatever was asked and not answered is rejected. */
  readonly ended: (error: Error) => void;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Which result it is, only its number says. */
type Heard = SearchFailed | { readonly id: number; readonly result: never };

/** Far more than a search needs: one that runs wild ends itself, not the governor. */
const mostMegabytes = 512;
const patienceMs = 2_000;

/** The governor's end of the thread that searches. It does not keep the process running. */
export class SearchThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(place: SearchPlace, events: ThreadEvents) {
    this.#worker = new Worker(program(), { workerData: place, resourceLimits: { maxOldGenerationSizeMb: mostMegabytes } });
    this.#worker.unref();
    const end = (error: Error): void => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      events.ended(error);
    };
    this.#worker.on('message', (told: Heard | SearchAdvanced) =>
      'key' in told ? events.progress(told.key, told.progress) : this.#settle(told),
    );
    this.#worker.once('error', end);
    this.#worker.once('exit', () => end(new Error('The search has ended. Search again.')));
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  ask<M extends SearchMethod>(method: M, params: SearchMethods[M]['params']): Promise<SearchMethods[M]['result']> {
    this.#last += 1;
    const { promise, resolve, reject } = Promise.withResolvers<SearchMethods[M]['result']>();
    this.#waiting.set(this.#last, { resolve, reject });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's, not a browser window's
    this.#worker.postMessage({ id: this.#last, method, params });
    return promise;
  }

  /** Lets it put away what it has begun; where it does not in time, it is ended. */
  async end(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    const timer = setTimeout(() => void this.#worker.terminate(), patienceMs);
    this.#worker.ref();
    await this.ask('end', {}).catch(() => undefined);
    await gone;
    clearTimeout(timer);
  }

  #settle(told: Heard): void {
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ('error' in told) waiting?.reject(Object.assign(new Error(told.error.message), told.error));
    else waiting?.resolve(told.result);
  }
}

/** Beside the sources as a source, beside the bundle as a bundle. */
function program(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.mjs', import.meta.url);
}
