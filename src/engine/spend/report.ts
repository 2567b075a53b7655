import type { Tokens } from './usage.ts';

/** What is asked of the spend: a span, how it is split, and how it is laid out over time. */
export interface SpendQuery {
  /** Milliseconds since the epoch; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  readonly by: SpendKey;
  readonly step: 'hour' | 'day';
  /** An IANA name: whose midnight ends a day. */
  readonly timeZone: string;
  readonly session?: string;
}
export type SpendKey = 'session' | 'agent' | 'subagent' | 'model' | 'workspace';

export interface SpendSum {
  readonly tokens: Tokens;
  readonly responses: number;
  readonly webSearches: number;
  /** US dollars of what has a price. `unpricedTokens` have none: they are never counted as 0 without saying so. */
  readonly usd: number;
  readonly unpricedTokens: number;
  /** US dollars of `usd` that the agent reports without saying for what (compaction, web search, hooks). */
  readonly notItemisedUsd: number;
  /** How many tokens that were; `tokens` does not have them. Left out: none. */
  readonly notItemisedTokens?: number;
  /** US dollars of `usd` that no price gives: what the agent said of the session, spread over its tokens. Left out: none. */
  readonly saidUsd?: number;
  /** The records do not hold the final count of some response: the real sum is at least this. */
  readonly isLowerBound: boolean;
}

export interface SpendRow {
  /** What it is split by: an id, a model, an absolute folder. '' for the main agent of a session among its subagents. */
  readonly key: string;
  /** What a person calls it. */
  readonly label: string;
  /** The session's agent and folder, the subagent's session: whatever helps to tell rows apart. */
  readonly detail: string;
  readonly sum: SpendSum;
  readonly lastAt: number;
}

/** One step of time, split as the rows are. */
export interface SpendStep {
  readonly start: number;
  readonly sum: SpendSum;
  /** US dollars by the row's key. */
  readonly usdBy: Readonly<Record<string, number>>;
}

export interface SpendReport {
  readonly total: SpendSum;
  /** Dearest first. */
  readonly rows: readonly SpendRow[];
  /** Every step of the span from the first record on, also the empty ones, oldest first. */
  readonly steps: readonly SpendStep[];
  readonly unpriced: readonly { readonly model: string; readonly tokens: number }[];
  /** Models without a price whose cost the agent said. Left out: none. */
  readonly said?: readonly { readonly model: string; readonly tokens: number; readonly usd: number }[];
  /** Left out: none. */
  readonly stale?: readonly StalePrice[];
  /** What is still being read for the first time; newest files come first. */
  readonly indexing?: { readonly doneBytes: number; readonly totalBytes: number };
}

/** A model whose price may be out of date: the agent says something else of the very same tokens. */
export interface StalePrice {
  readonly model: string;
  /** US dollars, as the agent says and by our price. */
  readonly usd: number;
  readonly ours: number;
}

/** What a session's row shows, live. */
export interface SessionSpend {
  readonly usd: number;
  readonly tokens: number;
  readonly unpricedTokens: number;
  readonly isLowerBound: boolean;
}
