import type { ChangedByRule, ReplaySummary } from './summary.ts';
import type { RuleEffect } from './rule-totals.ts';

/** One summary of several that are about different calls. `most`: how many calls are told of one by one. */
export function mergeSummaries(all: readonly ReplaySummary[], most: number): ReplaySummary {
  return {
    calls: sum(all.map(({ calls }) => calls)),
    same: sum(all.map(({ same }) => same)),
    changed: sum(all.map(({ changed }) => changed)),
    unsure: sum(all.map(({ unsure }) => unsure)),
    doubts: {
      masked: sum(all.map(({ doubts }) => doubts.masked)),
      'not-recorded': sum(all.map(({ doubts }) => doubts['not-recorded'])),
      'looked-up': sum(all.map(({ doubts }) => doubts['looked-up'])),
      partial: sum(all.map(({ doubts }) => doubts.partial)),
    },
    skipped: {
      'not-asked': sum(all.map(({ skipped }) => skipped['not-asked'])),
      removed: sum(all.map(({ skipped }) => skipped.removed)),
      unreadable: sum(all.map(({ skipped }) => skipped.unreadable)),
    },
    rules: mergeRules(all.flatMap(({ rules }) => rules)).toSorted((a, b) => newestFirst(a.newest, b.newest)),
    ...(all.some(({ looksElsewhere }) => looksElsewhere) ? { looksElsewhere: true } : {}),
    changes: all
      .flatMap(({ changes }) => changes)
      .toSorted(newestFirst)
      .slice(0, most),
  };
}

export function mergeEffects(all: readonly (readonly RuleEffect[])[]): readonly RuleEffect[] {
  const [first = [], ...rest] = all;
  return first.map((one, n) => rest.reduce((merged, others) => added(merged, others[n]), one));
}

function added(a: RuleEffect, b: RuleEffect | undefined): RuleEffect {
  return b === undefined ? a : { calls: a.calls + b.calls, matches: a.matches + b.matches, changes: a.changes + b.changes };
}

function mergeRules(rules: readonly ChangedByRule[]): readonly ChangedByRule[] {
  const merged = new Map<string, ChangedByRule>();
  for (const one of rules) {
    const key = JSON.stringify([one.rule, one.speaks, one.was, one.now]);
    const other = merged.get(key);
    const newest = other !== undefined && newestFirst(other.newest, one.newest) < 0 ? other.newest : one.newest;
    merged.set(key, { ...one, calls: one.calls + (other?.calls ?? 0), newest });
  }
  return [...merged.values()];
}

interface Moment {
  readonly time: number;
  readonly seq: number;
}

function newestFirst(a: Moment, b: Moment): number {
  return b.time - a.time || b.seq - a.seq;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
