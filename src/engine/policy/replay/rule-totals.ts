import { isStricter } from '../../decision.ts';
import { effectOf } from './outcome.ts';
import type { Replayed } from './replay.ts';

/** How many recorded calls a rule is about, and how many of them it would have decided otherwise, beside what decided them. */
export interface RuleEffect {
  /** Calls that were judged again. */
  readonly calls: number;
  readonly matches: number;
  readonly changes: number;
}

/** Adds up what a replay with just that one rule finds. */
export class RuleTotals {
  #calls = 0;
  #matches = 0;
  #changes = 0;

  add(replayed: Replayed): void {
    if (replayed.kind === 'skipped') return;
    this.#calls += 1;
    const { was, now } = replayed.call;
    if (now.rules.length === 0) return;
    this.#matches += 1;
    // The strictest counts; and whether nobody objects or a rule allows, the call goes on by the agent's own rules.
    const [before, after] = [effectOf(was), effectOf(now)];
    if (after !== 'allow' && isStricter(after, before)) this.#changes += 1;
  }

  get summary(): RuleEffect {
    return { calls: this.#calls, matches: this.#matches, changes: this.#changes };
  }
}
