import { entryRow } from '../../audit/entry-row.ts';
import { ruleBehind, type ReplayedCall, saidText } from './outcome.ts';
import type { Replayed, Skipped } from './replay.ts';
import type { Doubt } from './world.ts';

/** Calls that one rule decides otherwise than it was decided then. */
export interface ChangedByRule {
  /** `policy/rule`; empty where no rule speaks, now or then. */
  readonly rule: string;
  /** The rule makes the difference: by what it says now, or because it says nothing any more. */
  readonly speaks: boolean;
  readonly was: string;
  readonly now: string;
  readonly calls: number;
  /** The newest of them. */
  readonly newest: ChangedCall;
}

export interface ChangedCall {
  readonly seq: number;
  readonly time: number;
  readonly session: string;
  readonly agent: string;
  readonly tool: string;
  /** What the call was about, with nothing hidden in it: one line. */
  readonly summary: string;
  readonly was: string;
  readonly now: string;
  /** What became of it then, where a person was asked. */
  readonly became?: string;
  readonly rule: string;
  readonly speaks: boolean;
  readonly reason: string;
  /** Nobody can tell for certain: what the call said is not all in the log. */
  readonly unsure?: true;
  readonly doubts: readonly Doubt[];
}

export interface ReplaySummary {
  /** That were judged again: `same`, `changed` and `unsure` together. */
  readonly calls: number;
  readonly same: number;
  readonly changed: number;
  readonly unsure: number;
  readonly doubts: Readonly<Record<Doubt, number>>;
  readonly skipped: Readonly<Record<Skipped, number>>;
  /** Newest first. */
  readonly rules: readonly ChangedByRule[];
  /** Some of these policies look through prompts and results, of which the log holds no text. */
  readonly looksElsewhere?: true;
  /** The newest, newest first. Those that are unsure are here if they would be decided otherwise as far as they are known. */
  readonly changes: readonly ChangedCall[];
}

/** Adds up what a replay finds, in the order of time. */
export class ReplayTotals {
  readonly #most: number;
  readonly #outcomes = { same: 0, changed: 0, unsure: 0 };
  readonly #doubts: Record<Doubt, number> = { masked: 0, 'not-recorded': 0, 'looked-up': 0, partial: 0 };
  readonly #skipped: Record<Skipped, number> = { 'not-asked': 0, removed: 0, unreadable: 0 };
  readonly #rules = new Map<string, ChangedByRule>();
  #changes: ChangedCall[] = [];

  /** `most`: how many calls are told of one by one. */
  constructor(most: number) {
    this.#most = most;
  }

  add(replayed: Replayed): void {
    if (replayed.kind === 'skipped') {
      this.#skipped[replayed.why] += 1;
      return;
    }
    const { call } = replayed;
    this.#outcomes[call.outcome] += 1;
    for (const doubt of call.doubts) this.#doubts[doubt] += 1;
    if (call.outcome === 'same' || saidText(call.was) === saidText(call.now)) return;
    const change = changeOf(call);
    if (call.outcome === 'changed') this.#addToRule(change);
    this.#changes.push(change);
    if (this.#changes.length > 2 * this.#most) this.#changes = this.#changes.slice(-this.#most);
  }

  get summary(): ReplaySummary {
    const { same, changed, unsure } = this.#outcomes;
    return {
      calls: same + changed + unsure,
      ...this.#outcomes,
      doubts: { ...this.#doubts },
      skipped: { ...this.#skipped },
      rules: [...this.#rules.values()].toSorted((a, b) => b.newest.time - a.newest.time || b.newest.seq - a.newest.seq),
      changes: this.#most === 0 ? [] : this.#changes.slice(-this.#most).toReversed(),
    };
  }

  #addToRule(newest: ChangedCall): void {
    const { rule, speaks, was, now } = newest;
    const key = JSON.stringify([rule, speaks, was, now]);
    this.#rules.set(key, { rule, speaks, was, now, calls: (this.#rules.get(key)?.calls ?? 0) + 1, newest });
  }
}

function changeOf(call: ReplayedCall): ChangedCall {
  const { seq, entry, was, now, outcome, doubts } = call;
  const { summary } = entryRow({ version: 1, seq, entry, previous: '', hash: '' });
  const { rule, speaks } = ruleBehind(call);
  return {
    seq,
    time: entry.time,
    session: entry.session ?? '',
    agent: entry.agent ?? '',
    tool: entry.mcpServer === undefined ? (entry.nativeTool ?? entry.tool ?? '') : `${entry.mcpServer}/${entry.tool ?? ''}`,
    summary,
    was: saidText(was),
    now: saidText(now),
    ...(entry.action === undefined || entry.action === was.action ? {} : { became: entry.action }),
    rule,
    speaks,
    reason: now.reason,
    ...(outcome === 'unsure' ? { unsure: true } : {}),
    doubts,
  };
}
