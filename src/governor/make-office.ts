import type { Answer } from '../agents/agent.ts';
import type { AuditRecord } from '../engine/audit/entry.ts';
import { decide } from '../engine/policy/decide.ts';
import type { PolicyFile } from '../engine/policy/policy-set.ts';
import { Approvals } from './approve.ts';
import { BudgetNews } from './budget/news.ts';
import { Windows } from './budget/windows.ts';
import { CallIds } from './call-ids.ts';
import { Canaries } from './canaries.ts';
import { openInLog } from './close-incidents.ts';
import { FactRecord } from './facts.ts';
import { Guards } from './guard/guards.ts';
import { RemovedParts } from './guard/removed.ts';
import { Feed } from './feed.ts';
import { ServersPast } from './gateway/past.ts';
import { InFlight } from './in-flight.ts';
import { IncidentList, type OpenIncident } from './incident-list.ts';
import { Ledger } from './ledger.ts';
import type { Decide, Office, Weakens } from './office.ts';
import { PolicyRecord } from './policy-record.ts';
import type { AgentRecords, Ports, SpendWatch } from './ports.ts';
import { Proofs, type Obstacle } from './proofs.ts';
import { ReviewDesk } from './review/desk.ts';
import { Sessions } from './sessions.ts';
import { Sight } from './sight.ts';
import { Twins } from './twins.ts';

export interface GovernorOptions {
  readonly decide?: Decide;
  readonly weakens: Weakens;
  /**
   * Judging for one call in the caller's own process: nobody can be asked, so a question is a refusal; the open questions
   * and the sessions' processes are left to the governor that will run again.
   */
  readonly alone?: boolean;
  /** Stores the text of a policy file that takes part in a decision. */
  readonly keepPolicy?: (file: PolicyFile) => void;
  /** Tells of every new entry of the log, also of other processes'. Left out: only our own are told to listeners. */
  readonly watchLog?: (listener: (records: readonly AuditRecord[]) => void) => void;
  /** What agents write about their own sessions: followed, and compared with what was decided. */
  readonly records?: AgentRecords;
  /** What agents' records say was used, told live. */
  readonly spend?: SpendWatch;
  /** What is known to speak against sessions of a folder being governed. */
  readonly obstacle?: Obstacle;
  /** A session begins: whatever `obstacle` goes by should be looked at anew. */
  readonly lookAround?: () => void;
  /** Called when `problems` has changed. */
  readonly onProblems?: () => void;
  /** Hears of everything that went wrong, for the process's own log. */
  readonly onFault?: (error: unknown) => void;
}

/** Everything that the governor's operations work with, put together. */
export function officeOf(ports: Ports, options: GovernorOptions): Office {
  const {
    weakens,
    alone = false,
    keepPolicy = () => undefined,
    onFault = () => undefined,
    onProblems = () => undefined,
    watchLog,
    spend,
    obstacle = () => undefined,
    lookAround = () => undefined,
  } = options;
  const standings = () => proofs.withProof(sessions.standings((id) => approvals.pendingOf(id)));
  const view = { approvals: () => approvals.open(), sessions: () => sight.views(standings()) };
  const feed = new Feed(ports.clock, view, onFault);
  const ledger = new Ledger(ports, (record) => (watchLog === undefined ? feed.recorded(record) : undefined), onFault);
  watchLog?.((records) => records.forEach((record) => feed.recorded(record)));
  const canaries = new Canaries(ports.clock);
  const isHidden = (session: string): boolean => canaries.has(session);
  const sessions = new Sessions(ports, () => feed.changed('sessions'), { spendOf: spend?.session, isHidden });
  const sight = new Sight(ports, () => feed.changed('sessions'), isHidden);
  spend?.onChange(() => feed.changed('sessions'));
  const proofs = new Proofs(ports.clock, obstacle, () => feed.changed('sessions'));
  const approvals = new Approvals(ports, ledger, () => feed.changed('approvals'));
  if (!alone) approvals.pickUp();
  const policyRecord = new PolicyRecord(ledger, keepPolicy, ports.policyMemory);
  const incidents = new IncidentList(alone ? [] : leftOpen(ports, onFault), onProblems);
  const windows = new Windows(ports);
  const parts = {
    ledger,
    incidents,
    feed,
    sessions,
    sight,
    approvals,
    inFlight: new InFlight<Answer>(),
    policyRecord,
    facts: new FactRecord(),
    twins: new Twins(ports.clock),
    windows,
    proofs,
    canaries,
    callIds: new CallIds(ports),
    guards: new Guards(ports),
    reviews: new ReviewDesk(ports, windows),
    removed: new RemovedParts(),
    lookAround,
    serversPast: new ServersPast(lookAround),
    budgetNews: new BudgetNews(ports, onProblems),
  };
  return { ports, decide: options.decide ?? decide, weakens, alone, ...parts };
}

/** A log that cannot be read refuses the next call with its reason; here it only must not keep the governor from starting. */
function leftOpen(ports: Ports, onFault: (error: unknown) => void): readonly OpenIncident[] {
  try {
    return openInLog(ports);
  } catch (error) {
    onFault(error);
    return [];
  }
}
