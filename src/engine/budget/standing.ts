/** How one limit of a budget stands now. */
export interface BudgetStanding {
  readonly policy: string;
  /** Of whom: `session`, `agent`, `workspace`, `user`. */
  readonly per: 'session' | 'agent' | 'workspace' | 'user';
  /** Which one: a session's id, an agent's name, a folder, the user's name. */
  readonly subject: string;
  readonly window: 'total' | 'hour' | 'day' | 'week' | 'month';
  readonly unit: 'usd' | 'tokens' | 'calls';
  readonly used: number;
  /** What a person added to it by approving past it included. */
  readonly limit: number;
  readonly raisedBy: number;
  readonly onLimit: 'alert' | 'require_approval' | 'deny' | 'kill';
  /** Shares of the limit, between 0 and 1, at which people are told. */
  readonly alertAt: readonly number[];
  /** When the window ends, in milliseconds since the epoch; left out for `total`. */
  readonly resetsAt?: number;
  readonly isLowerBound: boolean;
}
