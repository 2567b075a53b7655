import type { Approval, ApprovalAnswer } from '../engine/approval/approval.ts';
import type { RuleRef } from '../engine/decision.ts';
import type { Grant, Ports } from './ports.ts';

/** How long the consent to a call that nobody holds open any more waits for its retry. */
const retryMs = 10 * 60_000;
/** A session can be resumed for weeks; consent does not last that long. */
const sessionMs = 24 * 60 * 60_000;

/** What a grant is looked up by. */
export interface Asked {
  readonly session: string;
  readonly nativeTool: string;
  readonly argumentsDigest: string;
  readonly rules: readonly RuleRef[];
}

/**
 * The consent a person already gave to this question, if any.
 *
 * Consent *once* covers the identical call, one time. Consent *for the session* covers the same tool as long as no
 * rule asks that did not ask then, each in the very version that asked; where a document's default asked (no rule that
 * a person wrote about such calls), it covers only the identical call.
 */
export function findGrant(ports: Ports, asked: Asked): Grant | undefined {
  const now = ports.clock.now();
  const keys = asked.rules.map(ruleKey);
  for (const grant of ports.state.grants(asked.session)) {
    if (grant.expiresAt <= now) ports.state.dropGrant(grant.id);
    else if (covers(grant, asked, keys)) return grant;
  }
  return undefined;
}

/** The grant that follows from an answer; `undefined` where the answer is used up at once. */
export function grantFrom(approval: Approval, answer: ApprovalAnswer, id: string): Grant | undefined {
  if (answer.outcome !== 'approved' || (approval.waiting && answer.scope === 'once')) return undefined;
  return {
    id,
    session: approval.session,
    scope: answer.scope,
    nativeTool: approval.nativeTool,
    argumentsDigest: approval.argumentsDigest,
    rules: approval.rules.map(ruleKey),
    approvalId: approval.id,
    by: answer.by.user,
    expiresAt: answer.at + (answer.scope === 'session' ? sessionMs : retryMs),
  };
}

/** Whether two questions were raised by the same versions of the same rules. */
export function sameRules(a: readonly RuleRef[], b: readonly RuleRef[]): boolean {
  const keys = new Set(a.map(ruleKey));
  return b.length === a.length && b.every((rule) => keys.has(ruleKey(rule)));
}

function covers(grant: Grant, asked: Asked, keys: readonly string[]): boolean {
  if (grant.nativeTool !== asked.nativeTool || !keys.every((key) => grant.rules.includes(key))) return false;
  const anyArguments = grant.scope === 'session' && keys.length > 0 && !asked.rules.some((rule) => rule.rule.startsWith('('));
  return anyArguments || grant.argumentsDigest === asked.argumentsDigest;
}

function ruleKey(rule: RuleRef): string {
  return `${rule.policy}/${rule.rule}@${rule.digest}`;
}
