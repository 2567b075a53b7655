import { Worker } from 'node:worker_threads';
import type { RequestFact } from '../../engine/spend/fact.ts';
import type { SessionSpend, SpendQuery, SpendReport, SpendSum } from '../../engine/spend/report.ts';
import type { SpendAsker, SpendScope, SpendSource, SpendWatch } from '../../governor/ports.ts';
import type { SpendAsk, SpendTold } from './spend-loop.ts';
import type { SpendWorkerData } from './spend-worker.ts';

interface Waiting {
  readonly resolve: (result: readonly SpendSum[] | SpendReport) => void;
  readonly reject: (error: Error) => void;
}
type Question =
  | { readonly ask: 'sums'; readonly scopes: readonly SpendScope[]; readonly asking: SpendAsker }
  | { readonly ask: 'report'; readonly query: SpendQuery };

/** Hooks come in quick succession, and the agent needs the processor meanwhile; a person sees no difference. */
const gatherMs = 300;
const restartMs = 1_000;
const longestRestartMs = 60_000;
/** Memory of the thread is short-lived: much of it at once only makes the process large. */
const limits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 };

/**
 * Counting, in a thread of its own: reading a gigabyte must not keep an answer waiting. Whatever cannot be answered is rejected: then
 * no budget can be kept, and the call does not run. A thread that dies is replaced.
 */
export class Spend implements SpendSource, SpendWatch {
  readonly #data: () => SpendWorkerData;
  readonly #onFault: (error: unknown) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sessions = new Map<string, SessionSpend | undefined>();
  readonly #heard = new Map<string, SpendAsker>();
  readonly #listeners = new Set<() => void>();
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #restartMs = restartMs;
  #mayStartAt = 0;
  #isClosed = false;

  constructor(data: () => SpendWorkerData, onFault: (error: unknown) => void) {
    this.#data = data;
    this.#onFault = onFault;
  }

  /** From now on agents' records are followed. Without it that begins with the first question. */
  readonly start = (): void => void this.#running();

  readonly sums = async (scopes: readonly SpendScope[], asking: SpendAsker): Promise<readonly SpendSum[]> => {
    const result = await this.#ask({ ask: 'sums', scopes, asking });
    if (!isSums(result)) throw new Error('The counting of what agents use gave another answer.');
    return result;
  };

  readonly report = async (query: SpendQuery): Promise<SpendReport> => {
    const result = await this.#ask({ ask: 'report', query });
    if (isSums(result)) throw new Error('The counting of what agents use gave another answer.');
    return result;
  };

  readonly heard = (asking: SpendAsker): void => {
    this.#heard.set(asking.session, asking);
    if (this.#heard.size === 1) setTimeout(() => this.#passOn(), gatherMs).unref();
  };

  /** What an agent told of its requests while it runs. Never waits. */
  readonly requests = (facts: readonly RequestFact[]): void => {
    if (facts.length > 0) this.#post({ ask: 'requests', facts });
  };

  /** The first question about a session is answered later, by telling those who watch. */
  readonly session = (agent: string, session: string): SessionSpend | undefined => {
    if (!this.#sessions.has(session) && this.#worker !== undefined) {
      this.#sessions.set(session, undefined);
      this.#post({ ask: 'watch', agent, session });
    }
    return this.#sessions.get(session);
  };

  readonly onChange = (listener: () => void): void => void this.#listeners.add(listener);

  readonly close = async (): Promise<void> => {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#post({ ask: 'stop' });
    await ended;
  };

  #ask(question: Question): Promise<readonly SpendSum[] | SpendReport> {
    return new Promise((resolve, reject) => {
      const worker = this.#running();
      if (worker === undefined)
        return reject(new Error('What agents use cannot be counted just now: the counting failed and is started again.'));
      const id = (this.#lastId += 1);
      this.#waiting.set(id, { resolve, reject });
      this.#post({ ...question, id });
    });
  }

  #passOn(): void {
    for (const asking of this.#heard.values()) this.#post({ ask: 'heard', asking });
    this.#heard.clear();
  }

  #post(ask: SpendAsk): void {
    this.#running()?.postMessage(ask);
  }

  /** `undefined` while one that has failed is not to be started again yet. */
  #running(): Worker | undefined {
    if (this.#worker !== undefined) return this.#worker;
    if (this.#isClosed || Date.now() < this.#mayStartAt) return undefined;
    const worker = new Worker(workerFile(), { workerData: this.#data(), resourceLimits: limits });
    worker.unref();
    worker.on('message', (told: SpendTold) => this.#take(told));
    worker.on('error', this.#onFault);
    worker.once('exit', () => this.#gone(worker));
    this.#sessions.clear();
    return (this.#worker = worker);
  }

  #take(told: SpendTold): void {
    if (told.told === 'fault') return this.#onFault(new Error(told.message));
    if (told.told === 'spend') {
      for (const { session, spend } of told.sessions) this.#sessions.set(session, spend);
      for (const listener of this.#listeners) listener();
      return;
    }
    this.#restartMs = restartMs;
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if (told.told === 'answer') waiting?.resolve(told.result);
    else waiting?.reject(new Error(told.message));
  }

  #gone(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error('What agents use cannot be counted: the counting ended.'));
    this.#waiting.clear();
    if (this.#isClosed) return;
    this.#mayStartAt = Date.now() + this.#restartMs;
    this.#timer = setTimeout(() => this.#replace(), this.#restartMs + 1).unref();
    this.#restartMs = Math.min(2 * this.#restartMs, longestRestartMs);
  }

  /** The new one knows of nobody who watches: they have to ask again. */
  #replace(): void {
    if (this.#running() === undefined) return;
    for (const listener of this.#listeners) listener();
  }
}

function isSums(result: readonly SpendSum[] | SpendReport): result is readonly SpendSum[] {
  return Array.isArray(result);
}

/** As it lies beside this one: bundled in `dist`, or in the sources. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './spend-worker.ts' : './spend-worker.mjs', import.meta.url);
}
