import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Methods, Push, SessionView, Status } from '../../../src/channel/messages.ts';
import type { Peer, Service } from '../../../src/channel/operations.ts';
import { startSocketEndpoint, type SocketEndpoint } from '../../../src/channel/socket-server.ts';
import type { BudgetStanding } from '../../../src/engine/budget/standing.ts';
import { homeOf, type Home } from '../../../src/storage/home.ts';
import { readPrices } from '../../../src/storage/prices.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { reportOf, type Use } from '../../webview/spend/spend-double.ts';

/** Answers windows on the real socket with a spend that the test makes up: the editor's side, with every case at hand. */
export class StandInGovernor implements AsyncDisposable {
  uses: readonly Use[] = [];
  budgets: readonly BudgetStanding[] = [];
  indexing: Methods['spend']['result']['indexing'];
  /** What the answer to `spend` says of prices besides. */
  priceNotes: Pick<Methods['spend']['result'], 'said' | 'stale'> = {};
  /** What `spend` is answered with instead. */
  fault: string | undefined;
  readonly home: Home;
  readonly #subscribed = new Set<Peer>();
  #sessions: readonly SessionView[] = [];
  #endpoint: SocketEndpoint | undefined;

  constructor(state: string) {
    this.home = homeOf({ COUNTERSIGN_HOME: state });
  }

  async start(): Promise<void> {
    mkdirSync(dirname(this.home.socket), { recursive: true, mode: 0o700 });
    const clientToken = readOrCreateToken(this.home.clientToken);
    this.#endpoint = await startSocketEndpoint({ path: this.home.socket, clientToken, service: this.#service, onFault: () => undefined });
  }

  /** Tells every window, as the governor does when a session spent something. */
  tell(sessions: readonly SessionView[]): void {
    this.#sessions = sessions;
    const push: Push = { push: 'sessions', sessions };
    for (const peer of this.#subscribed) if (!peer.closed.aborted) peer.push(push);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endpoint?.close();
  }

  get #status(): Status {
    const { version } = manifest;
    return { version, pid: process.pid, startedAt: 0, port: 0, home: this.home.root, pending: 0, sessions: 0, problems: [] };
  }

  #spend(query: Methods['spend']['params']): Methods['spend']['result'] {
    if (this.fault !== undefined) throw new Error(this.fault);
    const report = reportOf(this.uses, query, readPrices(this.home, '/nowhere'));
    return { ...report, ...this.priceNotes, ...(this.indexing ? { indexing: this.indexing } : {}) };
  }

  readonly #answers: Partial<Service> = {
    hello: () => this.#status,
    status: () => this.#status,
    subscribe: (_, peer) => {
      this.#subscribed.add(peer);
      return { status: this.#status, approvals: [], sessions: this.#sessions, activity: [] };
    },
    window: () => true,
    approvals: () => [],
    sessions: () => this.#sessions,
    activity: () => [],
    spend: (query) => this.#spend(query),
    budgets: () => this.budgets,
  };

  /** Whatever else there is, now or later, it does not do. */
  get #service(): Service {
    return new Proxy(this.#answers, { get: (answers, method) => Reflect.get(answers, method) ?? none }) as Service;
  }
}

function none(): never {
  throw new Error('The stand-in does nothing of that kind.');
}
