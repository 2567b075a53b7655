import type { Approval, ApprovalAnswer } from '../../engine/approval/approval.ts';
import type { RecentCall } from '../../engine/budget/judge-breaker.ts';

/** What must survive a restart. Every method throws when the disk does. */
export interface StateStore {
  readonly saveSession: (session: SessionRecord) => void;
  readonly session: (agent: string, id: string) => SessionRecord | undefined;
  readonly sessions: () => readonly SessionRecord[];
  readonly saveApproval: (approval: Approval) => void;
  readonly answerApproval: (id: string, answer: ApprovalAnswer) => void;
  /** Open ones, oldest first. */
  readonly openApprovals: () => readonly Approval[];
  /** The answer already given to a call: so that a repeated message gets the same one. */
  readonly answered: (agent: string, session: string, callId: string) => AnsweredCall | undefined;
  readonly saveAnswered: (call: AnsweredCall) => void;
  /** Grants: what a person approved for the session, or for one retry. */
  readonly saveGrant: (grant: Grant) => void;
  readonly grants: (session: string) => readonly Grant[];
  readonly dropGrant: (id: string) => void;
  readonly recordRate: (key: string, at: number) => void;
  /** How often `key` was recorded since `since`. */
  readonly countRate: (key: string, since: number) => number;
  /** The pause of all sessions at once, while there is one. Asked at every call, and never from memory: every process must hear of it. */
  readonly pauseOfAll: () => Pause | undefined;
  readonly savePauseOfAll: (pause: Pause | undefined) => void;
  /** Where a person only wants to observe, those included whose time is over. Never from memory: every process must hear of it. */
  readonly observations: () => readonly Observation[];
  /** In place of the one of the same folder. */
  readonly saveObservation: (observation: Observation) => void;
  readonly dropObservation: (folder: string | undefined) => void;
  readonly budgets: BudgetStore;
}

/** What budgets and circuit breakers remember. Counted only while there are any. */
export interface BudgetStore {
  /** One call more for each of these counters. */
  readonly countCall: (counters: readonly string[], at: number) => void;
  /** Calls since a moment, to the quarter of an hour that holds it; left out: ever. */
  readonly callsCounted: (counter: string, since?: number) => number;
  readonly saveCall: (session: string, digest: string, call: RecentCall) => void;
  /** What became of a call; nothing where it is not remembered. */
  readonly endCall: (session: string, callId: string, failed: boolean, at: number) => void;
  /** Newest first: calls that were made (or, with `ended`, ended) after `after`. They are remembered for a day. */
  readonly recentCalls: (session: string, wanted: RecentCalls) => readonly RecentCall[];
  readonly note: (key: string) => BudgetNote | undefined;
  /** `at once`: it is kept before this returns. */
  readonly saveNote: (key: string, note: BudgetNote, when: 'at once' | 'in passing') => void;
}

export interface RecentCalls {
  readonly after: number;
  readonly limit: number;
  readonly digest?: string;
  readonly ended?: true;
}

/** Something to be remembered under a name. */
export interface BudgetNote {
  readonly value: number;
  readonly text: string;
  readonly at: number;
}

/** A person wants no call to run for now. */
export interface Pause {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

/** A person wants calls to be judged and recorded, and not interfered with. */
export interface Observation {
  /** A workspace's root: the calls that are made in it or below it. Left out: all calls. */
  readonly folder?: string;
  readonly at: number;
  readonly by: string;
  /** When it ends by itself; left out: when a person ends it. */
  readonly until?: number;
}

export interface SessionRecord {
  readonly agent: string;
  readonly id: string;
  readonly cwd: string;
  readonly mode: string;
  readonly interactive: boolean;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly calls: number;
  readonly denials: number;
  /** When it last wanted to do something. */
  readonly lastCallAt?: number;
  /** The agent's process, where it is known, with its start time as the system tells it (guards against a reused pid). */
  readonly pid?: number;
  readonly processStart?: string;
  readonly endedAt?: number;
  readonly killed?: { readonly at: number; readonly by: string; readonly reason: string };
  /** Calls are refused until it is resumed. */
  readonly paused?: Pause;
}

export interface AnsweredCall {
  readonly agent: string;
  readonly session: string;
  readonly callId: string;
  /** Digest of tool and arguments: the same id with other arguments is another call, and is refused. */
  readonly argumentsDigest: string;
  /** Of what it runs with, where that is not what the agent asked for. */
  readonly ranDigest?: string;
  readonly answer: { readonly kind: 'pass' | 'approve' | 'refuse'; readonly reason: string; readonly stop: boolean };
  readonly at: number;
}

export interface Grant {
  readonly id: string;
  readonly session: string;
  readonly scope: 'once' | 'session';
  /** A session grant covers this tool, whatever its arguments; a grant for once only the identical call. */
  readonly nativeTool: string;
  readonly argumentsDigest: string;
  /** `policy/rule@digest` of every rule that asked: a changed or another rule asks again. */
  readonly rules: readonly string[];
  readonly approvalId: string;
  readonly by: string;
  readonly expiresAt: number;
}
