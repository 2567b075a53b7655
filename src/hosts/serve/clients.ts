import type { Push, ReviewAnswer, Status } from '../../channel/messages.ts';
import type { Peer, Service } from '../../channel/operations.ts';
import type { SpendQuery, SpendReport } from '../../engine/spend/report.ts';
import type { Governor } from '../../governor/governor.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { viewsFor } from './attention.ts';
import { mcpService } from './mcp-service.ts';
import { ownService } from './own-service.ts';
import type { Searches } from './searches.ts';

interface ClientsOptions {
  readonly governor: Governor;
  readonly searches: Searches;
  readonly status: () => Status;
  readonly peers: () => readonly Peer[];
  /** A window's language model has answered. */
  readonly reviewed: (answer: ReviewAnswer, from: Peer) => void;
  readonly spend: (query: SpendQuery) => Promise<SpendReport>;
  /** The person whose governor this is. */
  readonly user: () => string;
  /** Brings what is wrong with a folder's policies to light before a call does. */
  readonly look: (folder: string) => void;
  readonly shutdown: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

/** How many entries a snapshot brings. */
const shownActivity = 200;

/** What the governor does for its clients, and what it tells those that subscribed. */
export class Clients {
  readonly #options: ClientsOptions;
  readonly #subscribed = new Set<Peer>();
  readonly service: Service;

  constructor(options: ClientsOptions) {
    this.#options = options;
    this.service = this.#serviceOf(options);
    options.governor.subscribe((change) => {
      if (change.push === 'approvals') this.#tellApprovals();
      else this.#tell(() => change);
      if (change.push !== 'activity') this.tellStatus();
    });
  }

  tellStatus(): void {
    if (this.#subscribed.size === 0) return;
    try {
      const status = this.#options.status();
      this.#tell(() => ({ push: 'status', status }));
    } catch (error) {
      // Nobody waits for it: the next change tells it again.
      this.#options.onFault(error);
    }
  }

  #tellApprovals(): void {
    const { governor, peers } = this.#options;
    const approvals = governor.approvals();
    this.#tell((peer) => ({ push: 'approvals', approvals: viewsFor(peer, approvals, peers()) }));
  }

  #tell(pushFor: (peer: Peer) => Push): void {
    for (const peer of this.#subscribed) peer.push(pushFor(peer));
  }

  #serviceOf({ governor, searches, status, peers, shutdown, user, look, spend, reviewed }: ClientsOptions): Service {
    const byThePerson = (surface: string) => ({ user: user(), surface });
    return {
      hello: ({ folders = [] }) => {
        folders.forEach(look);
        return status();
      },
      status: () => status(),
      subscribe: async (_, peer) => {
        await this.#look();
        if (!peer.closed.aborted) this.#subscribed.add(peer);
        peer.closed.addEventListener('abort', () => this.#leave(peer), { once: true });
        // A new window changes who is asked first.
        if (peer.window !== undefined) queueMicrotask(() => this.#tellApprovals());
        const approvals = viewsFor(peer, governor.approvals(), peers());
        return { status: status(), approvals, sessions: governor.inSight(), activity: governor.activity(shownActivity) };
      },
      window: ({ folders }) => {
        folders.forEach(look);
        this.#tellApprovals();
        return true;
      },
      hook: async ({ agent, event, message, pid, pidSpace: space, paired = false, waitedMs }, peer) => {
        const reply = await governor.hook(agent, message, {
          via: 'command',
          signal: peer.closed,
          paired,
          ...(event === undefined ? {} : { event }),
          ...(waitedMs === undefined ? {} : { waitedMs }),
          ...(pid === undefined || isForeign(space) ? {} : { pid }),
        });
        return reply.command;
      },
      ...mcpService(governor, user),
      ...ownService(governor),
      approvals: ({ all }, peer) => {
        const answered = all === true ? governor.answeredApprovals() : [];
        return [...viewsFor(peer, governor.approvals(), peers()), ...answered.map((approval) => ({ ...approval, mine: false }))];
      },
      answer: async ({ id, surface, ...given }) => ({ ...(await governor.answer(id, given, byThePerson(surface))), mine: false }),
      sessions: async () => {
        await this.#look();
        return governor.inSight();
      },
      kill: ({ session, reason, surface }) => governor.kill(session, reason, byThePerson(surface).user),
      killAll: ({ reason, surface }) => governor.killAll(reason, byThePerson(surface).user),
      beginCanary: (canary) => {
        governor.beginCanary(canary);
        return true;
      },
      endCanary: (end) => governor.endCanary(end),
      revive: ({ session, surface }) => governor.revive(session, byThePerson(surface).user),
      pause: ({ session, reason, surface }) => governor.pause(session, reason, byThePerson(surface).user),
      resume: ({ session, surface }) => governor.resume(session, byThePerson(surface).user),
      observe: ({ surface, ...wish }) => governor.observe(wish, byThePerson(surface).user),
      policies: ({ folder }) => governor.policies(folder),
      policyText: ({ digest }) => {
        const source = governor.policyText(digest);
        return source === undefined ? {} : { source };
      },
      incidents: () => governor.incidents(),
      closeIncidents: async ({ seqs, reason, surface }) => ({
        closed: await governor.closeIncidents(seqs, reason, byThePerson(surface)),
      }),
      activity: ({ limit, before }) => governor.activity(limit, before),
      search: searches.search,
      rows: searches.rows,
      closeSearch: searches.closeSearch,
      exportSearch: searches.exportSearch,
      facets: searches.facets,
      ruleCounts: searches.ruleCounts,
      entry: searches.entry,
      budgets: () => governor.budgets(),
      resetBreakers: ({ session, surface }) => governor.resetBreakers(session, byThePerson(surface)),
      spend: (query) => spend(query),
      reviewed: (answer, peer) => {
        reviewed(answer, peer);
        return true;
      },
      shutdown: ({ reason }) => {
        shutdown(reason);
        return true;
      },
    };
  }

  /** What cannot be seen now does not keep a client from what is known. */
  async #look(): Promise<void> {
    await this.#options.governor.look().catch(this.#options.onFault);
  }

  #leave(peer: Peer): void {
    this.#subscribed.delete(peer);
    if (peer.window !== undefined) this.#tellApprovals();
  }
}

/** A kill would hit whoever has that number here. */
function isForeign(space: string | undefined): boolean {
  return space !== undefined && space !== pidSpace().pidSpace;
}
