import type { RequestFact } from '../../engine/spend/fact.ts';
import type { SessionSpend, SpendQuery, SpendReport, SpendSum } from '../../engine/spend/report.ts';
import type { SpendAsker, SpendScope } from '../../governor/ports.ts';
import type { SpendIndex } from '../../storage/spend/spend-index.ts';

/** What the governor asks the counting thread. */
export type SpendAsk =
  | { readonly ask: 'sums'; readonly id: number; readonly scopes: readonly SpendScope[]; readonly asking: SpendAsker }
  | { readonly ask: 'report'; readonly id: number; readonly query: SpendQuery }
  /** Something of that session may be new. No answer. */
  | { readonly ask: 'heard'; readonly asking: SpendAsker }
  /** From now on `spend` tells what these have used. No answer. */
  | { readonly ask: 'watch'; readonly agent: string; readonly session: string }
  /** An agent told of these while it runs. No answer. */
  | { readonly ask: 'requests'; readonly facts: readonly RequestFact[] }
  | { readonly ask: 'stop' };

/** What it tells. */
export type SpendTold =
  | { readonly told: 'answer'; readonly id: number; readonly result: readonly SpendSum[] | SpendReport }
  | { readonly told: 'failure'; readonly id: number; readonly message: string }
  | { readonly told: 'fault'; readonly message: string }
  | { readonly told: 'spend'; readonly sessions: readonly { readonly session: string; readonly spend: SessionSpend }[] };

/** As long is read before requests get their turn. */
const sliceMs = 8;
/** How often files that grow are looked at, while something happens and otherwise. */
const awakeMs = 250;
const asleepMs = 3_000;
/** As long after its last message a session is taken for busy. */
const busyMs = 30_000;
const scanMs = 30_000;
/** A person who asks wants what is new, but not twice a second. */
const freshMs = 2_000;
const retryMs = 5_000;

/** The work of the counting thread: reads what agents write down, newest first, and answers in between. */
export class SpendLoop {
  readonly #index: SpendIndex;
  readonly #tell: (told: SpendTold) => void;
  readonly #watched = new Map<string, string>();
  readonly #untold = new Set<string>();
  readonly #busy = new Map<string, { readonly asking: SpendAsker; readonly until: number }>();
  #scannedAt = -Infinity;
  #followedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #isStopped = false;

  constructor(index: SpendIndex, tell: (told: SpendTold) => void) {
    this.#index = index;
    this.#tell = tell;
    this.#soon();
  }

  readonly take = (ask: SpendAsk): void => {
    switch (ask.ask) {
      case 'sums':
        return void this.#answer(ask.id, () => this.#sums(ask.scopes, ask.asking));
      case 'report':
        return void this.#answer(ask.id, () => this.#report(ask.query));
      case 'heard':
        this.#busy.set(ask.asking.session, { asking: ask.asking, until: Date.now() + busyMs });
        this.#watch(ask.asking.agent, ask.asking.session);
        this.#followedAt = -Infinity;
        return this.#soon();
      case 'watch':
        this.#watch(ask.agent, ask.session);
        return this.#attempt(() => this.#tellChanged());
      case 'requests':
        this.#attempt(() => this.#index.takeRequests(ask.facts));
        return this.#soon();
      case 'stop':
        return this.#stop();
    }
  };

  /** It may have been counted before anybody watched. */
  #watch(agent: string, session: string): void {
    if (!this.#watched.has(session)) this.#untold.add(session);
    this.#watched.set(session, agent);
  }

  #soon(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#immediate ??= setImmediate(() => this.#turn());
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#turn(), ms);
  }

  #turn(): void {
    this.#immediate = undefined;
    if (this.#isStopped) return;
    const turnedAt = Date.now();
    try {
      if (Date.now() - this.#scannedAt > scanMs) this.#scan();
      if (Date.now() - this.#followedAt >= awakeMs) this.#follow();
      const isDone = this.#index.step(sliceMs);
      // What is still to be read comes first, but for the sessions that were heard of.
      if (isDone && this.#followedAt >= turnedAt) this.#index.follow();
      this.#tellChanged();
      if (isDone) this.#later(this.#busy.size > 0 ? awakeMs : asleepMs);
      else this.#soon();
    } catch (error) {
      this.#tell({ told: 'fault', message: messageOf(error) });
      this.#later(retryMs);
    }
  }

  #scan(): void {
    this.#scannedAt = Date.now();
    this.#index.scan();
  }

  /** Sessions that were heard of lately, with subagents that may be new. */
  #follow(): void {
    const now = Date.now();
    this.#followedAt = now;
    for (const [session, { asking, until }] of this.#busy) {
      if (until < now) this.#busy.delete(session);
      else this.#index.tryReadSession(asking);
    }
  }

  async #sums(scopes: readonly SpendScope[], asking: SpendAsker): Promise<readonly SpendSum[]> {
    this.#index.readSession(asking);
    const wide = scopes.filter(({ session }) => session === undefined);
    if (wide.length > 0) {
      if (this.#scannedAt === -Infinity) this.#scan();
      this.#index.follow();
      // What was not read yet is older than what is asked for, in the end.
      const since = Math.min(...wide.map((scope) => scope.since ?? 0));
      while (!this.#index.step(sliceMs, since)) await new Promise((resolve) => setImmediate(resolve));
    }
    return scopes.map((scope) => this.#index.sum(scope));
  }

  async #report(query: SpendQuery): Promise<SpendReport> {
    if (Date.now() - this.#scannedAt > freshMs) this.#scan();
    this.#index.follow();
    for (let n = 0; n < 20 && !this.#index.step(sliceMs); n += 1) await new Promise((resolve) => setImmediate(resolve));
    return this.#index.report(query);
  }

  async #answer(id: number, work: () => Promise<readonly SpendSum[] | SpendReport>): Promise<void> {
    try {
      this.#tell({ told: 'answer', id, result: await work() });
      this.#tellChanged();
    } catch (error) {
      this.#tell({ told: 'failure', id, message: messageOf(error) });
    }
    this.#soon();
  }

  #tellChanged(): void {
    const changed = new Set([...this.#untold, ...this.#index.takeChanged()]);
    this.#untold.clear();
    const known = [...changed]
      .filter((session) => this.#watched.has(session))
      .flatMap((session) => {
        const spend = this.#index.session(this.#watched.get(session) ?? '', session);
        return spend === undefined ? [] : [{ session, spend }];
      });
    if (known.length > 0) this.#tell({ told: 'spend', sessions: known });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#tell({ told: 'fault', message: messageOf(error) });
    }
  }

  #stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#attempt(() => this.#index.close());
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
