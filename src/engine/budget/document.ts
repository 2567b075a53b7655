import type { Mode } from '../decision.ts';
import type { Position } from '../policy/position.ts';
import type { ToolCall } from '../tool-call.ts';
import type { BudgetStanding } from './standing.ts';

export type OnLimit = BudgetStanding['onLimit'];
export type Per = BudgetStanding['per'];
export type Window = BudgetStanding['window'];
export type Unit = BudgetStanding['unit'];

/** A budget, compiled. All of its limits and breakers hold at once. */
export interface BudgetDocument {
  readonly kind: 'BudgetPolicy';
  readonly name: string;
  readonly description?: string;
  readonly mode: Mode;
  /** Whose calls are held against it. What is counted is what each limit says, whoever spent it. */
  readonly concerns: (call: ToolCall) => boolean;
  readonly limits: readonly Limit[];
  readonly breakers: readonly Breaker[];
  readonly position: Position;
}

export interface Limit {
  /** What decisions and exemptions call it: `session-costUsd`, `workspace-day-tokens`. */
  readonly name: string;
  readonly per: Per;
  readonly window: Window;
  readonly unit: Unit;
  readonly amount: number;
  readonly onLimit: OnLimit;
  /** Shares of the amount, growing, between 0 and 1. */
  readonly alertAt: readonly number[];
}

/** What stops a session that runs away. `times` calls pass, the next one trips it. */
export interface Breaker {
  readonly name: 'loop' | 'failures' | 'rate';
  readonly times: number;
  /** How far back is looked. */
  readonly withinMs: number;
  /** The same, as it was written; left out where nothing was. */
  readonly within?: string;
  readonly onLimit: OnLimit;
}
