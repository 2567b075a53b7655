import type { Raise } from '../budget/finding.ts';
import type { ApprovalTerms, RuleRef } from '../decision.ts';
import type { JsonObject } from '../json.ts';

/** A question to a person: may this call run? Plain data, as it is stored and shown. Times are milliseconds since the epoch. */
export interface Approval {
  /** Short and unguessable enough to type: `a` and 8 letters or digits. */
  readonly id: string;
  readonly callId: string;
  readonly session: string;
  readonly agent: string;
  readonly subagent?: string;
  readonly tool: string;
  readonly nativeTool: string;
  readonly mcpServer?: string;
  readonly arguments: JsonObject;
  /** SHA-256 over the canonical JSON of `{nativeTool, arguments}`: what exactly was asked about. */
  readonly argumentsDigest: string;
  readonly cwd: string;
  readonly reason: string;
  readonly rules: readonly RuleRef[];
  readonly terms: ApprovalTerms;
  /** What approving does to budgets besides. */
  readonly raises?: readonly Raise[];
  /** The agent asked before it made the call: its own words why. */
  readonly requested?: string;
  readonly askedAt: number;
  readonly deadline: number;
  /** Whether the agent still holds the call open. When it does not, an approval lets the next identical call pass once. */
  readonly waiting: boolean;
  readonly answer?: ApprovalAnswer;
}

export type ApprovalOutcome = 'approved' | 'denied' | 'timed-out' | 'cancelled';

export interface ApprovalAnswer {
  readonly outcome: ApprovalOutcome;
  /** `session`: the same rules are not asked about again in this session for the same tool and arguments' shape. */
  readonly scope: 'once' | 'session';
  /** Reaches the model when denied; always recorded. */
  readonly reason: string;
  readonly by: Approver;
  readonly at: number;
}

/** Who answered, and where. `surface`: inbox, notification, terminal, cli, timeout, agent, governor. */
export interface Approver {
  readonly user: string;
  readonly surface: string;
}
