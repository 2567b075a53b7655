import type { Tokens } from './usage.ts';

/** What one line of an agent's own record says of what was used. */
export type UsageFact = ResponseFact | TotalFact | LabelFact;

/** Whose record it is. */
export interface UsageOwner {
  readonly session: string;
  /** '' for the session's main agent. */
  readonly subagent: string;
}

/** One response of the model, or what one line of several says of it: those with the same `key` are merged, each number at its largest. */
export interface ResponseFact extends UsageOwner {
  readonly kind: 'response';
  /** The same wherever the response is written down, copies in other sessions included; no two responses of the agent share it. */
  readonly key: string;
  /**
   * Gateways repeat ids: two records with the same `key`, both with a `request` and these different, and with another size of
   * prompt, are two responses. '' where nothing says which request it was, and for what cannot be told apart by it.
   */
  readonly request: string;
  /**
   * How strongly this record claims the response as its own session's rather than a copy. The strongest has it; of equals the
   * earlier `at`, then the file that began first.
   */
  readonly claim: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absolute; '' where the record does not say. */
  readonly cwd: string;
  /** As the record names it. */
  readonly model: string;
  readonly speed: 'standard' | 'fast';
  readonly region: string;
  readonly tokens: Tokens;
  /** The size that decides the price's tier, where it is not that of `tokens` (a response in several passes). */
  readonly prompt?: number;
  readonly webSearches: number;
  /** The record holds the final count of the output. False: it is at least this. One final line of a response is enough. */
  readonly isFinal: boolean;
}

/** What the agent itself says that a session has used so far, with what it writes down nowhere else. The last one counts. */
export interface TotalFact extends UsageOwner {
  readonly kind: 'total';
  readonly at: number;
  /** When the record began to be this session's own: what the session it was copied from had used by then is in the sum, too. 0: not known. */
  readonly begun: number;
  readonly models: readonly ModelTotal[];
}
export interface ModelTotal {
  readonly model: string;
  readonly tokens: Tokens;
  readonly webSearches: number;
  /** What the agent believes that it costs, in US dollars; left out where it says that it guesses. */
  readonly usd?: number;
}

/** One request as the agent told it while the session runs, whether or not its response is ever written down. */
export interface RequestFact extends UsageOwner {
  readonly agent: string;
  /** Its id at the vendor's. */
  readonly request: string;
  readonly at: number;
  readonly model: string;
  readonly tokens: Tokens;
  /** What the agent believes that it cost, in US dollars. */
  readonly usd?: number;
}

/** What a person calls a session or a subagent, and where it comes from. */
export interface LabelFact extends UsageOwner {
  readonly kind: 'label';
  readonly label: string;
}
