import type { Approval } from '../engine/approval/approval.ts';
import type { Raise } from '../engine/budget/finding.ts';
import type { ApprovalTerms, Decision } from '../engine/decision.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import { keptOf } from './kept-call.ts';

/** What a person is asked. */
export interface Question {
  readonly call: ToolCall;
  readonly argumentsDigest: string;
  readonly decision: Decision;
  readonly terms: ApprovalTerms;
  /** What approving does to budgets besides. */
  readonly raises: readonly Raise[];
  /** The agent asks before it makes the call, and says why. */
  readonly requested?: string;
}

/** The open approval that asks it, from `now` on. */
export function approvalOf({ call, argumentsDigest, decision, terms, raises, requested }: Question, id: string, now: number): Approval {
  return {
    id,
    callId: call.id,
    session: call.session.id,
    agent: call.agent.name,
    ...(call.subagent === undefined ? {} : { subagent: call.subagent.id }),
    tool: call.tool,
    nativeTool: call.nativeTool,
    ...(call.mcpServer === undefined ? {} : { mcpServer: call.mcpServer }),
    argumentsDigest,
    cwd: call.cwd,
    reason: redactText(decision.reason),
    ...keptOf(call, decision),
    terms,
    ...(raises.length === 0 ? {} : { raises }),
    ...(requested === undefined ? {} : { requested: redactText(requested) }),
    askedAt: now,
    deadline: now + terms.timeoutMs,
    waiting: true,
  };
}
