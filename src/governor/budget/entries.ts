import type { Approval, ApprovalAnswer } from '../../engine/approval/approval.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import { findingOf, type Raise } from '../../engine/budget/finding.ts';
import { modeOf } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { SessionRecord } from '../ports.ts';
import type { News } from './news.ts';

type Entry = Omit<AuditEntry, 'time'>;

/** A threshold was crossed, a limit reached, a breaker tripped. */
export function newsEntry({ held, told }: News, call: ToolCall): Entry {
  return {
    kind: 'budget',
    session: call.session.id,
    agent: call.agent.name,
    ...(call.subagent === undefined ? {} : { subagent: call.subagent.id }),
    ...(call.id === '' ? {} : { callId: call.id }),
    cwd: call.cwd,
    reason: told.text,
    rules: [findingOf(held, 'abstain', '').ref],
    mode: modeOf(held.file, held.document),
    detail: { event: told.event },
  };
}

/** A person raised a limit, let unpriced tokens pass or reset a breaker by approving a call. */
export function raisedEntry(approval: Approval, raise: Raise, answer: ApprovalAnswer): Entry {
  const { session, agent, callId, cwd } = approval;
  const { policy, rule, text, to } = raise;
  return {
    kind: 'budget',
    session,
    agent,
    callId,
    cwd,
    reason: `${answer.by.user} ${text} (budget "${policy}", ${rule}).`,
    approvalId: approval.id,
    approver: { ...answer.by, waitedMs: answer.at - approval.askedAt, reason: answer.reason },
    detail: { event: 'raised', policy, rule, to },
  };
}

export function resetEntry(session: SessionRecord, by: { readonly user: string; readonly surface: string }): Entry {
  return {
    kind: 'budget',
    session: session.id,
    agent: session.agent,
    cwd: session.cwd,
    reason: `${by.user} reset the circuit breakers of this session.`,
    approver: { ...by, waitedMs: 0, reason: '' },
    detail: { event: 'reset' },
  };
}
