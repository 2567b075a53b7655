import type { Decision } from '../engine/decision.ts';
import type { JsonObject } from '../engine/json.ts';
import type { PolicySet } from '../engine/policy/policy-set.ts';
import type { RateUsage, Request } from '../engine/request.ts';
import type { Answer } from '../agents/agent.ts';
import type { BudgetNews } from './budget/news.ts';
import type { Windows } from './budget/windows.ts';
import type { Approvals } from './approve.ts';
import type { CallIds } from './call-ids.ts';
import type { Canaries } from './canaries.ts';
import type { FactRecord } from './facts.ts';
import type { Feed } from './feed.ts';
import type { IncidentList } from './incident-list.ts';
import type { Guards } from './guard/guards.ts';
import type { RemovedParts } from './guard/removed.ts';
import type { ServersPast } from './gateway/past.ts';
import type { InFlight } from './in-flight.ts';
import type { Ledger } from './ledger.ts';
import type { PolicyRecord } from './policy-record.ts';
import type { Ports } from './ports.ts';
import type { Proofs } from './proofs.ts';
import type { ReviewDesk } from './review/desk.ts';
import type { Sessions } from './sessions.ts';
import type { Sight } from './sight.ts';
import type { Twins } from './twins.ts';

export type Decide = (set: PolicySet, request: Request, usage: RateUsage) => Decision;

/** Why a changed configuration file would weaken what governs the agent; `undefined` when it would not. */
export type Weakens = (file: string, source: string) => Weakening | undefined | Promise<Weakening | undefined>;

export interface Weakening {
  /** A sentence for the person. */
  readonly reason: string;
  /** The file says that it wants it so; a file that cannot be read may only be half written. */
  readonly isStated: boolean;
}

/** What the governor's operations work with. */
export interface Office {
  readonly ports: Ports;
  readonly decide: Decide;
  readonly weakens: Weakens;
  /** Nobody can be asked from this process. */
  readonly alone: boolean;
  readonly ledger: Ledger;
  readonly incidents: IncidentList;
  readonly feed: Feed;
  readonly sessions: Sessions;
  readonly sight: Sight;
  readonly approvals: Approvals;
  readonly inFlight: InFlight<Answer>;
  readonly policyRecord: PolicyRecord;
  readonly facts: FactRecord;
  readonly twins: Twins;
  readonly windows: Windows;
  readonly budgetNews: BudgetNews;
  readonly proofs: Proofs;
  readonly canaries: Canaries;
  readonly callIds: CallIds;
  readonly guards: Guards;
  readonly reviews: ReviewDesk;
  readonly removed: RemovedParts;
  /** Looks again at what decides whether sessions are governed. */
  readonly lookAround: () => void;
  readonly serversPast: ServersPast;
}

/** What is known of a hook message besides its text. */
export interface HookContext {
  readonly via: 'http' | 'command';
  /** The agent's process, where the hook is its child. */
  readonly pid?: number;
  /** The agent brings the same message over HTTP as well: refuse when it does not come. */
  readonly paired?: boolean;
  /** The event that the command hook was called with. */
  readonly event?: string;
  /** Milliseconds that the agent has waited already. */
  readonly waitedMs?: number;
  /** Whatever else the entry of its decision is to say. */
  readonly detail?: JsonObject;
  /** Aborted when whoever asked has gone. */
  readonly signal?: AbortSignal;
}
