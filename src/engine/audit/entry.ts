import type { Action, Mode, RuleRef } from '../decision.ts';
import type { JsonObject } from '../json.ts';

export const entryKinds = [
  'decision',
  'outcome',
  'approval-asked',
  'approval-answered',
  'session-start',
  'session-end',
  'session-killed',
  'session-revived',
  /** Calls are refused until a person resumes them: of a session, or where none is named, of all. */
  'session-paused',
  'session-resumed',
  'prompt',
  'config-change',
  'policy',
  'governor',
  'incident',
  /** A person has seen an incident, and says so. */
  'incident-closed',
  /** A budget or a circuit breaker: a threshold crossed, a limit reached, raised or reset. */
  'budget',
  /** What the log says of itself: its signatures, the keys behind them, what was removed by a rule, what must not be. */
  'checkpoint',
  'key',
  'prune',
  'hold',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What is to be written down, before it has a place in the log. */
export interface AuditEntry {
  readonly kind: EntryKind;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly session?: string;
  readonly agent?: string;
  readonly subagent?: string;
  readonly callId?: string;
  readonly tool?: string;
  readonly nativeTool?: string;
  readonly mcpServer?: string;
  readonly cwd?: string;
  /** Redacted before it comes here. */
  readonly arguments?: JsonObject;
  /** SHA-256 (hex) over the canonical JSON of the unredacted arguments. */
  readonly argumentsDigest?: string;
  readonly action?: Action;
  readonly reason?: string;
  readonly rules?: readonly RuleRef[];
  readonly observed?: readonly RuleRef[];
  readonly mode?: Mode;
  readonly approvalId?: string;
  readonly approver?: { readonly user: string; readonly surface: string; readonly waitedMs: number; readonly reason: string };
  /** Of a call that the policies judged: what they went by besides the call itself. See `Facts`. */
  readonly facts?: JsonObject;
  /** Whatever else belongs to this kind: outcome, versions, killed processes. */
  readonly detail?: JsonObject;
}

/** An entry in its place. `hash` = SHA-256 over `previous` (32 bytes) and the canonical JSON of `{version, seq, ...entry}`. */
export interface AuditRecord {
  readonly version: 1;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly entry: AuditEntry;
  /** Hex; 64 zeros before the first. */
  readonly previous: string;
  readonly hash: string;
}
