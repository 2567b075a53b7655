import type { SearchState } from '../../channel/messages.ts';
import type { Peer, Service } from '../../channel/operations.ts';
import { Refused } from '../../governor/fault.ts';
import type { SearchProgress } from '../../storage/audit-search.ts';
import type { SearchMethod, SearchMethods, SearchPlace } from './search-messages.ts';
import { SearchThread } from './search-thread.ts';

type Own = 'search' | 'rows' | 'closeSearch' | 'exportSearch' | 'facets' | 'ruleCounts' | 'entry';

interface Open {
  readonly peer: Peer;
  /** What its client calls it. */
  readonly id: string;
  /** What it was told last. */
  progress: SearchProgress;
}

const nothingYet: SearchProgress = { older: 0, newer: 0, isComplete: false, progress: 0 };

/** As many as a client has use for. */
const mostEach = 16;

/** The searches of all clients. Their thread is started by the first one, and ended when none was open for a while. */
export class Searches implements Pick<Service, Own> {
  readonly #place: SearchPlace;
  readonly #onFault: (error: unknown) => void;
  readonly #restMs: number;
  readonly #open = new Map<number, Open>();
  readonly #peers = new WeakSet<Peer>();
  #thread: SearchThread | undefined;
  #resting: NodeJS.Timeout | undefined;
  #lastKey = 0;

  constructor(place: SearchPlace, onFault: (error: unknown) => void, restMs = 60_000) {
    this.#place = place;
    this.#onFault = onFault;
    this.#restMs = restMs;
  }

  readonly search: Service['search'] = async ({ id, search }, peer) => {
    const old = this.#keyOf(peer, id);
    if (old === undefined && [...this.#open.values()].filter((open) => open.peer === peer).length >= mostEach)
      throw new Refused('busy', `A client can have ${mostEach} searches open. Close one first.`);
    if (old !== undefined) this.#close(old);
    this.#closeWith(peer);
    this.#lastKey += 1;
    const key = this.#lastKey;
    const open: Open = { peer, id, progress: nothingYet };
    this.#open.set(key, open);
    try {
      open.progress = await this.#ask('open', { key, search });
      return stateOf(id, open.progress);
    } catch (error) {
      this.#open.delete(key);
      throw error;
    }
  };

  readonly rows: Service['rows'] = ({ id, ...where }, peer) => this.#ask('rows', { key: this.#find(peer, id), ...where });

  readonly closeSearch: Service['closeSearch'] = ({ id }, peer) => {
    const key = this.#keyOf(peer, id);
    if (key !== undefined) this.#close(key);
    return true;
  };

  readonly exportSearch: Service['exportSearch'] = ({ id, ...where }, peer) => this.#ask('export', { key: this.#find(peer, id), ...where });

  readonly facets: Service['facets'] = () => this.#ask('facets', {});

  readonly ruleCounts: Service['ruleCounts'] = (params) => this.#ask('ruleCounts', params);

  readonly entry: Service['entry'] = (params) => this.#ask('entry', params);

  /** Breaks off whatever is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#resting);
    this.#open.clear();
    await this.#endThread();
  }

  async #ask<M extends SearchMethod>(method: M, params: SearchMethods[M]['params']): Promise<SearchMethods[M]['result']> {
    clearTimeout(this.#resting);
    this.#thread ??= this.#startThread();
    try {
      return await this.#thread.ask(method, params);
    } finally {
      this.#restSoon();
    }
  }

  #startThread(): SearchThread {
    const thread = new SearchThread(this.#place, {
      progress: (key, progress) => this.#tell(key, progress),
      ended: (error) => this.#ended(thread, error),
    });
    return thread;
  }

  #tell(key: number, progress: SearchProgress): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    open.progress = progress;
    open.peer.push({ push: 'search', state: stateOf(open.id, progress) });
  }

  #ended(thread: SearchThread, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const problem = `The search was broken off: ${error.message}`;
    // Those that were not answered yet are answered with the error.
    const told = [...this.#open].filter(([, { progress }]) => progress !== nothingYet);
    for (const [key, { progress }] of told) this.#tell(key, { ...progress, isComplete: true, problem });
    this.#open.clear();
    this.#onFault(error);
  }

  #restSoon(): void {
    clearTimeout(this.#resting);
    if (this.#open.size > 0 || this.#thread?.isBusy === true) return;
    this.#resting = setTimeout(() => void this.#endThread().catch(this.#onFault), this.#restMs).unref();
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.end();
  }

  #find(peer: Peer, id: string): number {
    const key = this.#keyOf(peer, id);
    if (key === undefined) throw new Refused('not-found', `There is no open search "${id}". Search again.`);
    return key;
  }

  #keyOf(peer: Peer, id: string): number | undefined {
    for (const [key, open] of this.#open) if (open.peer === peer && open.id === id) return key;
    return undefined;
  }

  #close(key: number): void {
    this.#open.delete(key);
    if (this.#thread !== undefined) this.#ask('close', { key }).catch(this.#onFault);
  }

  /** A client that is gone has no searches. */
  #closeWith(peer: Peer): void {
    if (this.#peers.has(peer)) return;
    this.#peers.add(peer);
    const closeAll = (): void => [...this.#open].forEach(([key, open]) => open.peer === peer && this.#close(key));
    peer.closed.addEventListener('abort', closeAll, { once: true });
  }
}

function stateOf(id: string, progress: SearchProgress): SearchState {
  return { id, ...progress };
}
