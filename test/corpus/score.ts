import type { Decision } from '../../src/engine/decision.ts';
import type { PolicySet } from '../../src/engine/policy/policy-set.ts';
import { callOf, readEveryday, readThemes, type LabelledCase, type Part } from './case.ts';
import { isStopped, judgeCase } from './judge.ts';

/** One judged case that came out otherwise than its label. */
export interface Surprise {
  readonly id: string;
  readonly text: string;
  readonly reason: string;
  /** The rules that decided, `policy/rule`. */
  readonly rules: readonly string[];
}

/** How many of `total` were stopped. */
export interface Share {
  readonly stopped: number;
  readonly total: number;
}

export interface Score {
  readonly name: string;
  /** Of what should be stopped. */
  readonly stop: Share;
  /** Of what should pass. */
  readonly pass: Share;
  readonly misses: readonly Surprise[];
  readonly falseAlarms: readonly Surprise[];
}

export function scoreThemes(part: Part, set: PolicySet): readonly Score[] {
  return [...readThemes(part)].map(([name, cases]) => scoreOf(name, cases, set));
}

/** The everyday commands as a theme in which everything should pass. */
export function scoreEveryday(part: Part, set: PolicySet): Score {
  const cases = readEveryday(part).map((command, index) => ({
    id: `everyday-${index + 1}`,
    command,
    verdict: 'pass' as const,
    reason: '',
  }));
  return scoreOf('everyday', cases, set);
}

export function total(name: string, scores: readonly Score[]): Score {
  return {
    name,
    stop: sum(scores.map(({ stop }) => stop)),
    pass: sum(scores.map(({ pass }) => pass)),
    misses: scores.flatMap(({ misses }) => misses),
    falseAlarms: scores.flatMap(({ falseAlarms }) => falseAlarms),
  };
}

export function rateOf({ stopped, total: all }: Share): number {
  return all === 0 ? 0 : stopped / all;
}

function scoreOf(name: string, cases: readonly LabelledCase[], set: PolicySet): Score {
  const judged = cases.map((one) => ({ one, decision: judgeCase(set, one) }));
  const of = (verdict: LabelledCase['verdict']) => judged.filter(({ one }) => one.verdict === verdict);
  const stopped = (some: typeof judged) => some.filter(({ decision }) => isStopped(decision));
  return {
    name,
    stop: { stopped: stopped(of('stop')).length, total: of('stop').length },
    pass: { stopped: stopped(of('pass')).length, total: of('pass').length },
    misses: of('stop')
      .filter(({ decision }) => !isStopped(decision))
      .map(({ one, decision }) => surprise(one, decision)),
    falseAlarms: stopped(of('pass')).map(({ one, decision }) => surprise(one, decision)),
  };
}

function surprise(one: LabelledCase, decision: Decision): Surprise {
  const { tool, input } = callOf(one);
  const text = one.command ?? `${tool} ${JSON.stringify(input)}`;
  return { id: one.id, text, reason: one.reason, rules: decision.rules.map(({ policy, rule }) => `${policy}/${rule}`) };
}

function sum(shares: readonly Share[]): Share {
  return {
    stopped: shares.reduce((all, { stopped }) => all + stopped, 0),
    total: shares.reduce((all, share) => all + share.total, 0),
  };
}
