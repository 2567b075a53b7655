import type { SessionSpend, SpendSum } from '../../engine/spend/report.ts';

/** What agents' own records say was spent. */
export interface SpendSource {
  /**
   * The spend of each scope, in their order, with everything counted that the session's records hold at the time of asking.
   * Rejects when that cannot be known: then no budget can be kept, and the call must not run.
   */
  readonly sums: (scopes: readonly SpendScope[], asking: SpendAsker) => Promise<readonly SpendSum[]>;
}

/** The same, told live, for people who watch. */
export interface SpendWatch {
  /** Something of that session may be new. Never waits. */
  readonly heard: (asking: SpendAsker) => void;
  /** What is known now; `undefined` where that is nothing yet. Whoever listens is told when there is more. */
  readonly session: (agent: string, session: string) => SessionSpend | undefined;
  readonly onChange: (listener: () => void) => void;
}

/** Left out: all of them. A session's subagents count toward it. */
export interface SpendScope {
  readonly agent?: string;
  readonly session?: string;
  /** An absolute folder, as `Workspace.root` has it. */
  readonly workspace?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

export interface SpendAsker {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  /** Where the agent says that it writes the session down. */
  readonly transcript?: string;
}
