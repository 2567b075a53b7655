import type { AuditEntry, AuditRecord } from '../entry.ts';
import { Tally } from './tally.ts';

/** One moment of a session: an entry, and for a call what became of it. */
export interface Moment {
  readonly record: AuditRecord;
  readonly outcome?: AuditEntry;
}

const mostMoments = 5000;
const mostLanes = 6;

/** Where calls of the agent itself stand. */
export const mainLane = '';
/** Where the subagents stand that would make the page too wide. */
export const otherLane = 'other subagents';

/** Gathers one session, entry by entry. A page shows the first moments of a session that is longer than a browser likes. */
export class Session {
  readonly kinds = new Tally();
  readonly actions = new Tally();
  readonly #moments: { record: AuditRecord; outcome?: AuditEntry }[] = [];
  readonly #calls = new Map<string, { record: AuditRecord; outcome?: AuditEntry }>();
  readonly #subagents = new Set<string>();
  #total = 0;
  #last: AuditRecord | undefined;

  /** Oldest first. */
  add(record: AuditRecord): void {
    const { entry } = record;
    this.#last = record;
    this.kinds.add(entry.kind);
    if (entry.kind === 'decision') this.actions.add(entry.action ?? 'abstain');
    if (entry.subagent !== undefined) this.#subagents.add(entry.subagent);
    if (!this.#joined(entry)) this.#moment(record);
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }
  /** With those that are not shown. */
  get total(): number {
    return this.#total;
  }
  get first(): AuditRecord | undefined {
    return this.#moments[0]?.record;
  }
  get last(): AuditRecord | undefined {
    return this.#last;
  }

  /** The agent itself, then its subagents in the order in which they came. */
  lanes(): readonly string[] {
    const all = [...this.#subagents];
    return [mainLane, ...(all.length > mostLanes ? [...all.slice(0, mostLanes - 1), otherLane] : all)];
  }

  /** An outcome belongs to its call, as long as that is shown; one without a call is a moment of its own. */
  #joined(entry: AuditEntry): boolean {
    const call = entry.kind === 'outcome' && entry.callId !== undefined ? this.#calls.get(entry.callId) : undefined;
    if (call === undefined || call.outcome !== undefined) return false;
    call.outcome = entry;
    return true;
  }

  #moment(record: AuditRecord): void {
    this.#total += 1;
    if (this.#moments.length >= mostMoments) return;
    const moment = { record };
    this.#moments.push(moment);
    if (record.entry.kind === 'decision' && record.entry.callId !== undefined) this.#calls.set(record.entry.callId, moment);
  }
}
