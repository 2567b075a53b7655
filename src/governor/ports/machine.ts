export interface Processes {
  /** The process of a session, found through what the agent itself records. */
  readonly find: (agent: string, session: string) => AgentProcess | undefined;
  /** The process that has this pid now, with its start time. */
  readonly identify: (pid: number) => AgentProcess | undefined;
  readonly isAlive: (process: AgentProcess) => boolean;
  /** Every process of an agent that runs on this machine, also where its hooks do not reach us. Those of others are named, with why they are. */
  readonly agents: () => readonly FoundAgent[];
  /**
   * Ends the process and everything it started: the clean signal, after `graceMs` the hard one. Without a process, what it left behind.
   * Of a process that other sessions share only what the session does there, and what that started.
   * Resolves with what ended and what was left.
   */
  readonly end: (process: AgentProcess | undefined, session: string, graceMs: number) => Promise<KillReport>;
}

export interface FoundAgent {
  readonly agent: string;
  /** Left out where the agent tells nobody. */
  readonly session?: string;
  readonly cwd: string;
  readonly process: AgentProcess;
  /** Why it is not ours to end: `it belongs to another user (root)`. */
  readonly notOurs?: string;
  /** Several sessions run in it: what ends one of them spares it. */
  readonly isShared?: true;
}

export interface AgentProcess {
  readonly pid: number;
  readonly start: string;
}

export interface KillReport {
  readonly ended: readonly number[];
  readonly left: readonly { readonly pid: number; readonly why: string }[];
  /** The process that it shares with other sessions, which goes on: what the session did there has ended. */
  readonly within?: number;
}

/** Every agent that runs on this machine for this person, whether its hooks reach us or not. */
export interface Sightings {
  readonly all: () => Promise<readonly Sighting[]>;
}

/** An agent, as its process and what it writes about itself show it. */
export interface Sighting {
  readonly agent: string;
  /** Left out where the agent does not say what it calls its session. */
  readonly session?: string;
  readonly process: AgentProcess;
  /** Where one run is several processes, the others: its hooks may name any of them. */
  readonly inner?: readonly AgentProcess[];
  /** Empty where it cannot be known. */
  readonly cwd: string;
  readonly startedAt: number;
  /** asking: it waits for an answer at its own prompt. Left out where the agent does not say. */
  readonly doing?: 'busy' | 'idle' | 'asking';
  readonly mode?: string;
  readonly version?: string;
  readonly model?: string;
  readonly place?: Place;
  /** Where the hooks stand that such a session starts with; left out: nowhere that we know. */
  readonly hooks?: HookLevel;
}

/** Where an agent runs. All of it is what other programs call themselves. */
export interface Place {
  /** Terminal or editor: what it calls itself in the environment. */
  readonly program?: string;
  /** `pts/3`; left out: it has none, so nobody types there. */
  readonly tty?: string;
  /** The name of the process that started it. */
  readonly parent?: string;
  readonly through?: readonly ('tmux' | 'ssh')[];
}

/** managed: an administrator put them there, and nobody else can switch them off. */
export type HookLevel = 'managed' | 'plugin' | 'settings';
