import type { Approval, ApprovalAnswer } from '../engine/approval/approval.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';

/** Says that a person is being asked. */
export function askedEntry(approval: Approval): Omit<AuditEntry, 'time'> {
  return {
    ...aboutApproval(approval, 'approval-asked'),
    action: 'require_approval',
    reason: approval.reason,
    arguments: approval.arguments,
    detail: {
      deadline: approval.deadline,
      approvers: approval.terms.approvers,
      ...(approval.requested === undefined ? {} : { requested: approval.requested }),
    },
  };
}

/** Says how a question ended: by a person, by time, or because nobody waits any more. */
export function answeredEntry(approval: Approval, answer: ApprovalAnswer): Omit<AuditEntry, 'time'> {
  return {
    ...aboutApproval(approval, 'approval-answered'),
    reason: answer.reason,
    approver: { ...answer.by, waitedMs: answer.at - approval.askedAt, reason: answer.reason },
    detail: { outcome: answer.outcome, scope: answer.scope, waiting: approval.waiting },
  };
}

function aboutApproval(approval: Approval, kind: 'approval-asked' | 'approval-answered'): Omit<AuditEntry, 'time'> {
  const { session, agent, callId, tool, nativeTool, cwd, rules } = approval;
  return {
    kind,
    session,
    agent,
    ...(approval.subagent === undefined ? {} : { subagent: approval.subagent }),
    callId,
    tool,
    nativeTool,
    ...(approval.mcpServer === undefined ? {} : { mcpServer: approval.mcpServer }),
    cwd,
    rules,
    approvalId: approval.id,
  };
}
