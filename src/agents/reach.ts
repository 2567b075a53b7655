/** How far something goes, and how: shown to people. */
export interface Can {
  readonly extent: 'yes' | 'partly' | 'no';
  /** A sentence; '' where there is nothing to add. */
  readonly how: string;
}

/**
 * What can be governed of an agent, as its own adapter declares it. Each statement is about what was `tried`; the documentation is made
 * of it.
 */
export interface Reach {
  readonly agent: string;
  /** As its maker calls it. */
  readonly title: string;
  readonly vendor: string;
  /** The version that the statements are about. */
  readonly version: string;
  /** With the real client in our tests, by reading the shipped program, or by its maker's documentation alone. */
  readonly tried: 'real client' | 'its code' | 'its documentation';
  /** Where its hooks stand. */
  readonly hooks: readonly string[];
  /** A tool call does not run. */
  readonly blocked: Can;
  /** A person is asked, and the call goes on with their answer. */
  readonly asked: Can;
  /** The call runs with other arguments. */
  readonly rewritten: Can;
  /** The model does not see parts of a result. */
  readonly redacted: Can;
  /** A session ends at once. */
  readonly killed: Can;
  /** Tokens and cost are counted. */
  readonly counted: Can;
  /** What the client does by itself where a hook fails, and what we make of it. */
  readonly failing: string;
  /** How its hooks can be put where only an administrator changes them. */
  readonly machineLevel: Can;
  /** Files and options that switch hooks off. */
  readonly switchedOffBy: readonly string[];
  /** What no hook of it sees, and what is done about that. */
  readonly outOfReach: readonly { readonly what: string; readonly instead: string }[];
}
