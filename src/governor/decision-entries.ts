import type { Approval, ApprovalAnswer } from '../engine/approval/approval.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { digestOf } from '../engine/audit/canonical.ts';
import type { Action, Decision } from '../engine/decision.ts';
import type { JsonObject } from '../engine/json.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { Answer } from '../agents/agent.ts';
import { keptOf } from './kept-call.ts';
import type { Grant } from './ports.ts';

/** Where a person's word came from: an answer to this very question, or an earlier one that still holds. */
export type Consent =
  | { readonly kind: 'answer'; readonly approval: Approval; readonly answer: ApprovalAnswer }
  | { readonly kind: 'grant'; readonly grant: Grant };

/** What a decision became, and by whose consent. `heard: false` when nobody is left to hear it. */
export interface Verdict {
  readonly answer: Answer;
  readonly consent?: Consent;
  readonly heard: boolean;
}

type Entry = Omit<AuditEntry, 'time'>;

/** What is kept of a decision besides itself. */
export interface KeptOfDecision {
  /** What the policies went by; left out, they were not asked. */
  readonly facts?: JsonObject;
  /** What guardrails found. */
  readonly detail?: JsonObject;
}

/**
 * The record of a decision. `action` is what became of the call; where a person was asked, `detail.decided` keeps that
 * the policies said `require_approval`.
 */
export function decisionEntry(call: ToolCall, decision: Decision, verdict: Verdict, kept: KeptOfDecision = {}): Entry {
  const action = actionOf(decision, verdict.answer);
  const asked = action === decision.action && verdict.heard ? {} : { decided: decision.action, heard: verdict.heard };
  const detail = { ...asked, ...kept.detail };
  return {
    kind: 'decision',
    ...aboutCall(call),
    action,
    reason: verdict.answer.kind === 'refuse' ? verdict.answer.reason : decision.reason,
    ...keptOf(call, decision),
    ...(decision.observed.length === 0 ? {} : { observed: decision.observed }),
    mode: decision.mode,
    ...(kept.facts === undefined ? {} : { facts: kept.facts }),
    ...consentFields(verdict.consent),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  };
}

/** A call as every entry about it names it. */
export function aboutCall(call: ToolCall): Omit<Entry, 'kind'> {
  return {
    session: call.session.id,
    agent: call.agent.name,
    ...(call.subagent === undefined ? {} : { subagent: call.subagent.id }),
    callId: call.id,
    tool: call.tool,
    nativeTool: call.nativeTool,
    ...(call.mcpServer === undefined ? {} : { mcpServer: call.mcpServer }),
    cwd: call.cwd,
    argumentsDigest: digestOf(call.arguments),
  };
}

/** A refusal that no rule speaks for. */
export function refusalDecision(reason: string): Decision {
  return { action: 'deny', reason, rules: [], mode: 'enforce', autoApprove: false, observed: [], counted: [], redact: [] };
}

function actionOf(decision: Decision, answer: Answer): Action {
  if (decision.mode === 'observe' || decision.action !== 'require_approval') return decision.action;
  if (answer.kind === 'refuse') return 'deny';
  return answer.kind === 'approve' ? 'allow' : 'abstain';
}

function consentFields(consent: Consent | undefined): Partial<Entry> {
  if (consent === undefined) return {};
  if (consent.kind === 'grant') {
    const { approvalId, by, scope } = consent.grant;
    return { approvalId, approver: { user: by, surface: `granted ${scope}`, waitedMs: 0, reason: '' } };
  }
  const { approval, answer } = consent;
  const waitedMs = answer.at - approval.askedAt;
  return { approvalId: approval.id, approver: { ...answer.by, waitedMs, reason: answer.reason } };
}
