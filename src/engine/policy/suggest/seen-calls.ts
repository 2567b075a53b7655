import { startTool } from '../../artifact/start-call.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { TestCall } from '../schema.ts';

/** A call of the log, and what became of it each time. Paths are absolute. */
export interface SeenCall {
  readonly call: TestCall;
  /** How often it ran, with nobody's objection or with a person's consent. */
  readonly ran: number;
  readonly refused: number;
  readonly refusedByPerson: number;
  readonly sessions: number;
}

type Describe = (entry: AuditEntry) => TestCall | undefined;

interface Tally {
  readonly call: TestCall;
  readonly sessions: Set<string>;
  ran: number;
  refused: number;
  refusedByPerson: number;
}

/**
 * Gathers the calls of a log, entry by entry, oldest first. A call counts as run when its result was reported: what the agent's own
 * question stopped did not run, although no policy minded. What a policy would have refused, had it not only observed, counts as
 * refused; what it would have asked about counts as nothing.
 */
export class SeenCalls {
  /** Calls whose arguments are not wholly in the log any more: no rule can be made of them. */
  unknown = 0;
  readonly #describe: Describe;
  readonly #tallies = new Map<string, Tally>();
  readonly #waiting = new Map<string, Tally>();

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  add(entry: AuditEntry): void {
    if (entry.tool === startTool) return;
    if (entry.kind === 'decision') this.#decided(entry);
    if (entry.kind === 'outcome') this.#ended(entry);
  }

  get all(): readonly SeenCall[] {
    return [...this.#tallies.values()].map(({ sessions, ...rest }) => ({ ...rest, sessions: sessions.size }));
  }

  #decided(entry: AuditEntry): void {
    const call = JSON.stringify(entry.arguments ?? {}).includes('[redacted') ? undefined : this.#describe(entry);
    if (call === undefined) {
      this.unknown += 1;
      return;
    }
    const tally = this.#tallyOf(call);
    if (entry.action === 'deny') {
      tally.refused += 1;
      if (isPerson(entry)) tally.refusedByPerson += 1;
    } else if (entry.mode !== 'observe' || entry.action !== 'require_approval') this.#waiting.set(keyOf(entry), tally);
  }

  #ended(entry: AuditEntry): void {
    const tally = this.#waiting.get(keyOf(entry));
    if (tally === undefined) return;
    this.#waiting.delete(keyOf(entry));
    tally.ran += 1;
    if (entry.session !== undefined) tally.sessions.add(entry.session);
  }

  #tallyOf(call: TestCall): Tally {
    const key = JSON.stringify(call);
    const known = this.#tallies.get(key) ?? { call, sessions: new Set<string>(), ran: 0, refused: 0, refusedByPerson: 0 };
    this.#tallies.set(key, known);
    return known;
  }
}

function keyOf({ agent = '', session = '', callId = '' }: AuditEntry): string {
  return `${agent} ${session} ${callId}`;
}

/** Time, an agent that went away and the governor's own end answer questions, too. */
function isPerson({ approver }: AuditEntry): boolean {
  return approver !== undefined && !['timeout', 'agent', 'governor'].includes(approver.surface);
}
