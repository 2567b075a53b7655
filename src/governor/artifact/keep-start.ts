import type { Approval, ApprovalAnswer } from '../../engine/approval/approval.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import type { RuleRef } from '../../engine/decision.ts';
import type { Ports } from '../ports.ts';

/** What a person approves of a server's start holds for every later one that is the same, whoever waits for the answer now. */
export function keepStart({ starts }: Pick<Ports, 'starts'>, approval: Approval, answer: ApprovalAnswer): void {
  if (answer.outcome !== 'approved' || serverQuestion(approval) !== 'start' || approval.mcpServer === undefined) return;
  starts?.approve({
    digest: approval.argumentsDigest,
    server: approval.mcpServer,
    what: approval.reason,
    rules: approval.rules.map(askedBy),
    by: answer.by.user,
    at: answer.at,
    approvalId: approval.id,
  });
}

/** Which rule asked, in whatever version. */
export function askedBy({ layer, policy, rule }: RuleRef): string {
  return `${layer}/${policy}/${rule}`;
}
